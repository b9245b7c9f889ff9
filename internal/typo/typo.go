// Package typo finds the word that a misspelt one was meant to be.
//
// It knows only words and letters.
package typo

// Distance returns the number of letters to change, remove or add to turn a into b.
func Distance(a, b string) int {
	from, to := []rune(a), []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j := range to {
			changed := diagonal
			if from[i] != to[j] {
				changed++
			}
			diagonal = row[j+1]
			row[j+1] = min(changed, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(to)]
}

// Meant returns the word with the smallest distance, the first of several. ok is false if more than
// a third of its letters differ.
func Meant(given string, words []string) (word string, ok bool) {
	least := 0
	for i, w := range words {
		if d := Distance(given, w); i == 0 || d < least {
			word, least = w, d
		}
	}
	return word, word != "" && least <= max(1, len([]rune(word))/3)
}
