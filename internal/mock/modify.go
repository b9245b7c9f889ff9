package mock

// resize is what ModifyInstanceType does (M). The later version lifts the GPU rule (C). Where several rules apply, which no document
// orders, what does not exist comes first, and the GPU rule, which no waiting lifts, before
// the status. A resize to the type that the instance has is carried out like any other; one
// in the recycle bin is refused for its status, which M states, and not with E's 403.
func resize() *Work {
	return &Work{
		Rules: []Rule{
			absent(),
			{func(t Target) bool { return !t.Known }, InstanceTypeNotFound},
			{func(t Target) bool { return t.Found && t.Instance.GPU && t.version != laterVersion }, GpuNotSupported},
			unlessIn(Stopped, StatusNotSupported),
			{func(t Target) bool { return t.Known && !t.Supported() }, TypeUnsupported},
		},
		Shows: []string{Resizing},
		Ends:  Stopped,
	}
}

// Supported reports whether the wanted type is one for the instance: GPU instances have
// types of their own (C).
func (t Target) Supported() bool {
	if t.Instance.GPU {
		return t.Spec.Use == UseGPU
	}
	return t.Spec.Use == UseResizable
}
