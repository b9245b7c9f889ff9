package steps

import "encoding/json"

// encode writes parameters as a JSON object, members in the order of their names.
func encode(parameters map[string]any) []byte {
	body, err := json.Marshal(parameters)
	if err != nil { // only values a step has built come here: strings, numbers, raw JSON that was checked
		panic(err)
	}
	return body
}
