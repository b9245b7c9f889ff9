package language

import (
	"fmt"
	"slices"
	"strings"
)

// Named returns the text of the catalogue by its English form.
func Named(en string) (Phrase, error) {
	if t, known := textsByName[en]; known {
		return t, nil
	}
	return Quoted(en), fmt.Errorf("no text %q in the catalogue: add it to package language", en)
}

// Said is a text of the catalogue by its English form, with its places filled, in every language.
func Said(en string, args ...any) Phrase {
	t, _ := Named(en) // a test holds that it is there
	return t.With(args...)
}

// Say is a text of the catalogue in one language, by its English form, with its places filled.
func (l Language) Say(en string, args ...any) string {
	t, _ := Named(en) // a test holds that it is there
	return t.In(l, args...)
}

var textsByName = func() map[string]Phrase {
	named := map[string]Phrase{}
	for _, t := range slices.Concat(things, textsOfPages, textsOfCommands, textsOfDoctor, textsOfRestoring, textsOfReasons) {
		named[t[0]] = t
	}
	return named
}()

// Word is what a kind of thing, or a value of one, is called. What is not known is quoted, in
// Chinese without its article.
func Word(en string) Phrase {
	t, err := Named(en)
	if err != nil {
		t[1] = strings.TrimPrefix(strings.TrimPrefix(en, "an "), "a ")
	}
	return t
}

// List is several phrases as one.
func List(all []Phrase) (list Phrase) {
	for i, t := range all {
		if i > 0 {
			list[0], list[1] = list[0]+"; ", list[1]+"；"
		}
		list[0], list[1] = list[0]+t[0], list[1]+t[1]
	}
	return list
}

// OfError is what an error says: in every language where it can, else as it is.
func OfError(err error) Phrase {
	if says, can := err.(interface{ Said() Phrase }); can {
		return says.Said()
	}
	return Quoted(err.Error())
}

// fault is an error that says itself in every language.
type fault struct {
	text  Phrase
	cause error
}

func (f *fault) Error() string { return f.text.In(English) }
func (f *fault) Unwrap() error { return f.cause }

// Said is the error in every language.
func (f *fault) Said() Phrase { return f.text }

// Because is an error that says a text of the catalogue; cause is what errors.Is finds in it,
// or nil.
func Because(cause error, en string, args ...any) error {
	return &fault{Said(en, args...), cause}
}

// Error is an error as it is said in one language.
func (l Language) Error(err error) error {
	if err == nil || l != Chinese {
		return err
	}
	return &translated{err, OfError(err).In(l)}
}

// translated is an error with its text in one language.
type translated struct {
	error
	text string
}

func (t *translated) Error() string { return t.text }
func (t *translated) Unwrap() error { return t.error }
