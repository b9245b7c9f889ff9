package mock

// resize is what ModifyInstanceType does (M). The later version lifts the GPU rule (C). Where several rules apply, which no document
// orders, what does not exist comes first, and the GPU rule, which no waiting lifts, before
// the status. A resize to the type that the instance has is carried out like any other; one
// in the recycle bin is refused for its status, which M states, and not with E's 403.
func resize() *change {
	return &change{
		rules: []rule{
			absent(),
			{func(t target) bool { return !t.known }, instanceTypeNotFound},
			{func(t target) bool { return t.found && t.instance.GPU && t.version != laterVersion }, gpuNotSupported},
			unlessIn(Stopped, statusNotSupported),
			{func(t target) bool { return t.known && !t.supported() }, typeUnsupported},
		},
		shows: []string{Resizing},
		ends:  Stopped,
	}
}

// supported reports whether the wanted type is one for the instance: GPU instances have
// types of their own (C).
func (t target) supported() bool {
	if t.instance.GPU {
		return t.spec.use == UseGPU
	}
	return t.spec.use == UseResizable
}
