package mock

// resize returns the work of ModifyInstanceType (M). The later version drops the GPU rule (C). The
// documents do not order the rules. Here a thing that does not exist comes first, and the GPU rule,
// which always applies, comes before the status. A resize to the current type is carried out like
// any other. An instance in the recycle bin is refused for its status, as M states, and not with
// E's 403.
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

// Supported reports whether the wanted type suits the instance. GPU instances have their own types
// (C).
func (t Target) Supported() bool {
	if t.Instance.GPU {
		return t.Spec.Use == UseGPU
	}
	return t.Spec.Use == UseResizable
}
