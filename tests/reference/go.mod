module plimsoll.dev/reference

go 1.26
