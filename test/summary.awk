# What Meson's log says, in a few lines: of each test that failed what it said was wrong (or, where
# it said nothing so, its last words), then `N passed, N failed`.
function count() { match($0, /[0-9]+/); return substr($0, RSTART, RLENGTH) + 0 }
function told() {
	if (name != "" && result !~ /^exit status (0|77)$/) {
		printf "\n%s: %s\n", name, result
		if (wrong != "")
			printf "%s", wrong
		else
			for (i = said > 5 ? said - 5 : 0; i < said; i++)
				print "    " words[i]
	}
	name = wrong = ""
	said = wrongs = after = 0
}
/^=+ [0-9]+\/[0-9]+ =+$/ { told(); next }
/^test: /	      { sub(/^test: +/, ""); name = $0; inside = 0; next }
/^result: /	      { sub(/^result: +/, ""); result = $0; next }
/^-+ std(out|err) -+$/	      { inside = 1; next }
/^=+$/	      { inside = 0; next }
inside && /^not ok/	      { after = 3 }
inside && NF	      { words[said++] = $0; if (after-- > 0 && wrongs++ < 9) wrong = wrong "    " $0 "\n"; next }
/^Summary of Failures:/	      { told(); next }
/^Ok: /	      { told(); ok += count() }
/^Expected Fail: /	      { ok += count() }
/^(Fail|Unexpected Pass|Timeout): /	      { bad += count() }
/^Skipped: /	      { skipped += count() }
END {
	printf "%d passed, %d failed", ok, bad
	print skipped ? ", " skipped " skipped" : ""
}
