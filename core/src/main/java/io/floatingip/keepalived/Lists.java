package io.floatingip.keepalived;

import java.util.ArrayList;
import java.util.List;

/** Values that stand in a block: {@code group { a b }}, on one line or on several. */
final class Lists {
    private Lists() {}

    /** All words of the block and of the statement's own line. */
    static List<Word> words(Statement s) {
        List<Word> words = new ArrayList<>(s.words());
        for (Node node : s.node().block()) {
            words.add(node.keyword());
            words.addAll(node.arguments());
            for (Node inner : node.block()) {
                words.add(inner.keyword());
                words.addAll(inner.arguments());
            }
        }
        return words;
    }
}
