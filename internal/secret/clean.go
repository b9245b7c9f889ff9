package secret

import "reflect"

// Clean returns a copy of a value without secrets in its strings, bytes and map keys, at any depth.
// Strings of a named type remain unchanged, because they are the program's own words, and are
// needed even if one of them is somebody's password.
func Clean[T any](f *Filter, value T) T {
	if f == nil {
		return value
	}
	v := reflect.ValueOf(&value).Elem()
	v.Set(f.cleaned(v))
	return value
}

var (
	textType  = reflect.TypeFor[string]()
	bytesType = reflect.TypeFor[[]byte]()
)

func (f *Filter) cleaned(v reflect.Value) reflect.Value {
	switch {
	case v.Type() == textType && f.keeps(v.String()):
		return v
	case v.Type() == textType:
		return reflect.ValueOf(f.String(v.String()))
	case v.Kind() == reflect.Slice && v.Type().Elem() == bytesType.Elem():
		return reflect.ValueOf(f.Bytes(v.Bytes())).Convert(v.Type())
	}
	switch v.Kind() {
	case reflect.Struct:
		return f.cleanedStruct(v)
	case reflect.Pointer, reflect.Interface:
		return f.cleanedReference(v)
	case reflect.Slice:
		return f.cleanedSlice(v)
	case reflect.Map:
		return f.cleanedMap(v)
	}
	return v
}

func (f *Filter) cleanedStruct(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	for i := range v.NumField() {
		if v.Type().Field(i).IsExported() {
			out.Field(i).Set(f.cleaned(v.Field(i)))
		}
	}
	return out
}

func (f *Filter) cleanedReference(v reflect.Value) reflect.Value {
	if v.IsNil() {
		return v
	}
	if v.Kind() == reflect.Interface {
		return f.cleaned(v.Elem())
	}
	out := reflect.New(v.Type().Elem())
	out.Elem().Set(f.cleaned(v.Elem()))
	return out
}

func (f *Filter) cleanedSlice(v reflect.Value) reflect.Value {
	if v.IsNil() {
		return v
	}
	out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
	for i := range v.Len() {
		out.Index(i).Set(f.cleaned(v.Index(i)))
	}
	return out
}

func (f *Filter) cleanedMap(v reflect.Value) reflect.Value {
	if v.IsNil() {
		return v
	}
	out := reflect.MakeMapWithSize(v.Type(), v.Len())
	for each := v.MapRange(); each.Next(); {
		out.SetMapIndex(f.cleaned(each.Key()), f.cleaned(each.Value()))
	}
	return out
}
