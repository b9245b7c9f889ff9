// Package typo finds the word that was meant by a misspelt one.
//
// It knows words and letters alone.
package typo

// Distance is how many letters of a have to be changed, left out or added to make it b.
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

// Meant is the word that takes the fewest edits, the first of several, when it is near
// enough to be what was meant: at most a third of its letters differ. Otherwise ok is false.
func Meant(given string, words []string) (word string, ok bool) {
	least := 0
	for i, w := range words {
		if d := Distance(given, w); i == 0 || d < least {
			word, least = w, d
		}
	}
	return word, word != "" && least <= max(1, len([]rune(word))/3)
}
