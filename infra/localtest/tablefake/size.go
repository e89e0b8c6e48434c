package tablefake

// Size of an item in bytes: names and values.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
func Size(item Item) (n int) {
	for name, v := range item {
		n += len(name) + sizeOf(v)
	}
	return n
}

func sizeOf(v map[string]any) (n int) {
	for kind, x := range v {
		switch x := x.(type) {
		case string:
			if kind == "N" {
				return len(x)/2 + 2
			}
			return len(x)
		case []any:
			n = 3
			for _, e := range x {
				switch e := e.(type) {
				case string:
					n += len(e)
				case map[string]any:
					n += 1 + sizeOf(e)
				}
			}
			return n
		case map[string]any:
			n = 3
			for name, e := range x {
				if of, ok := e.(map[string]any); ok {
					n += len(name) + 1 + sizeOf(of)
				}
			}
			return n
		}
	}
	return 1
}
