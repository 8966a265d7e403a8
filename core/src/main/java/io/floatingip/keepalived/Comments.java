package io.floatingip.keepalived;

/** Comments begin with # or !, anywhere but in quotes, and go to the end of the line. */
final class Comments {
    private Comments() {}

    static Line strip(Line line, Findings findings) {
        String text = line.text();
        char quote = 0;
        int quoteAt = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == '\\') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                quoteAt = i;
            } else if (c == '#' || c == '!') {
                return line.part(0, i);
            }
        }
        if (quote != 0) {
            findings.warning(
                    line.at(quoteAt),
                    "the quote " + quote + " is not closed on its line; the rest of the line is taken as quoted");
        }
        return line;
    }
}
