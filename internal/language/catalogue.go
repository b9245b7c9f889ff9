package language

import (
	"fmt"
	"slices"
	"strings"
)

// Named returns the text of the catalogue with an English form.
func Named(en string) (Phrase, error) {
	if t, known := textsByName[en]; known {
		return t, nil
	}
	return Quoted(en), fmt.Errorf("no text %q in the catalogue: add it to package language", en)
}

// Said returns the text of the catalogue with an English form, with its placeholders filled.
func Said(en string, args ...any) Phrase {
	t, _ := Named(en) // a test ensures that it exists
	return t.With(args...)
}

// Say returns a text of the catalogue in one language, by its English form, with its placeholders
// filled.
func (l Language) Say(en string, args ...any) string {
	t, _ := Named(en) // a test ensures that it exists
	return t.In(l, args...)
}

var textsByName = func() map[string]Phrase {
	named := map[string]Phrase{}
	for _, t := range slices.Concat(things, textsOfPages, textsOfCommands, textsOfDoctor, textsOfRestoring, textsInTheWay, textsOfReasons, textsOfUnjudged, textsOfTheWay) {
		named[t[0]] = t
	}
	return named
}()

// Word returns the word for a kind of thing or for a value. Unknown words are quoted, in Chinese
// without the article.
func Word(en string) Phrase {
	t, err := Named(en)
	if err != nil {
		t[1] = strings.TrimPrefix(strings.TrimPrefix(en, "an "), "a ")
	}
	return t
}

// List joins several phrases.
func List(all []Phrase) (list Phrase) {
	for i, t := range all {
		if i > 0 {
			list[0], list[1] = list[0]+"; ", list[1]+"；"
		}
		list[0], list[1] = list[0]+t[0], list[1]+t[1]
	}
	return list
}

// OfError returns the text of an error: in every language if it supports that, otherwise unchanged.
func OfError(err error) Phrase {
	if says, can := err.(interface{ Said() Phrase }); can {
		return says.Said()
	}
	return Quoted(err.Error())
}

// fault is an error with a text in every language.
type fault struct {
	text  Phrase
	cause error
}

func (f *fault) Error() string { return f.text.In(English) }
func (f *fault) Unwrap() error { return f.cause }

// Said returns the error in a form for every language.
func (f *fault) Said() Phrase { return f.text }

// Because returns an error with a text of the catalogue. errors.Is finds cause in it, unless cause
// is nil.
func Because(cause error, en string, args ...any) error {
	return &fault{Said(en, args...), cause}
}

// Error returns an error with its text in one language.
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
