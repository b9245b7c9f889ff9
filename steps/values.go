package steps

import "slices"

// thirdValue returns a value that is none of those given, the last one there is: no value
// that an endpoint could come to by mistake, such as the next one.
func (w *World) thirdValue(values ...string) string {
	if d := w.definition(); d.Wanted != "" && d.Inverse == "" { // the last one would be the last one ever
		return w.valueOtherThan(values...)
	}
	for _, t := range slices.Backward(w.fixture.Resizable) {
		if !slices.Contains(values, t) {
			return t
		}
	}
	return w.firstValue()
}

// valueOtherThan returns a value that is none of those given. Where no action leads back it
// is one that is listed after them, and "" when there is none: a disk that only grows takes
// the values in the order of the list alone.
func (w *World) valueOtherThan(values ...string) string {
	if d := w.definition(); d.Wanted != "" && d.Inverse == "" {
		after := 0
		for i, t := range w.fixture.Resizable {
			if slices.Contains(values, t) {
				after = i + 1
			}
		}
		if after == len(w.fixture.Resizable) {
			return ""
		}
		return w.fixture.Resizable[after]
	}
	for _, t := range w.fixture.Resizable {
		if !slices.Contains(values, t) {
			return t
		}
	}
	return w.firstValue()
}

func (w *World) firstValue() string {
	if len(w.fixture.Resizable) == 0 {
		return ""
	}
	return w.fixture.Resizable[0]
}
