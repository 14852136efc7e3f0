# The smallest file of each kind, as docs/panels.md has it, into folder/KIND.json.
# usage: awk -v folder=DIR -f docs/kinds.awk docs/panels.md
/^## / { within = $0 == "## The kinds" }
/^### / { kind = $2 }
/^```/ { inside = within && $0 == "```json" && kind != ""; next }
inside { print >(folder "/" kind ".json") }
