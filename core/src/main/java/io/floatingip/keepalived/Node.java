package io.floatingip.keepalived;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement: a keyword, words behind it, and perhaps a block of further statements. */
final class Node {
    private final Word keyword;
    private final List<Word> arguments;
    private @Nullable List<Node> block;

    Node(List<Word> words) {
        keyword = words.get(0);
        arguments = List.copyOf(words.subList(1, words.size()));
    }

    Word keyword() {
        return keyword;
    }

    String name() {
        return keyword.text();
    }

    Position at() {
        return keyword.at();
    }

    List<Word> arguments() {
        return arguments;
    }

    boolean hasBlock() {
        return block != null;
    }

    /** The statements in braces; none if there are no braces. */
    List<Node> block() {
        return block == null ? List.of() : Collections.unmodifiableList(block);
    }

    /** Opens the block, for the parser to fill. */
    List<Node> open() {
        if (block == null) {
            block = new ArrayList<>(4);
        }
        return block;
    }

    /** All words behind the keyword as one name: {@code vrrp_script check_ port} is called "check_ port". */
    String title() {
        return String.join(" ", arguments.stream().map(Word::text).toList());
    }
}
