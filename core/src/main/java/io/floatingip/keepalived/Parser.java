package io.floatingip.keepalived;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The second of three steps: lines to a tree of statements. A statement ends with its line or with a brace. */
final class Parser {
    private static final int DEPTH_MAX = 32;

    private final Findings findings;
    private final Budget budget;
    private final List<Node> root = new ArrayList<>();
    private final Deque<Node> open = new ArrayDeque<>();
    private List<Word> statement = new ArrayList<>();
    /** The last statement, if a brace that follows would open its block. */
    private @Nullable Node last;

    Parser(Findings findings, Budget budget) {
        this.findings = findings;
        this.budget = budget;
    }

    void line(Line line) {
        Tokens tokens = new Tokens(line, findings);
        for (Word word = tokens.next(); word != null; word = tokens.next()) {
            budget.word(word.at());
            if (word.quoted()) {
                statement.add(word);
            } else if (word.is("{")) {
                open(word);
            } else if (word.is("}")) {
                close(word);
            } else {
                statement.add(word);
            }
        }
        endStatement();
    }

    /** The tree; call it after the last line. */
    List<Node> end() {
        for (Node node : open) {
            findings.error(node.at(), "the block of " + node.name() + " is not closed: a } is missing");
        }
        return root;
    }

    private void open(Word brace) {
        endStatement();
        Node owner = last;
        if (owner == null || owner.hasBlock()) {
            findings.error(brace.at(), "this { belongs to no keyword; its block is left out");
            owner = new Node(List.of(brace));
            owner.open();
            open.push(owner);
        } else {
            owner.open();
            open.push(owner);
        }
        last = null;
        if (open.size() > DEPTH_MAX) {
            throw new Budget.Exceeded(
                    brace.at(), "blocks are nested more than " + DEPTH_MAX + " deep; what follows is not read");
        }
    }

    private void close(Word brace) {
        endStatement();
        last = null;
        if (open.isEmpty()) {
            findings.error(brace.at(), "this } closes nothing: is there one too many above?");
        } else {
            open.pop();
        }
    }

    private void endStatement() {
        if (statement.isEmpty()) {
            return;
        }
        Node node = new Node(statement);
        statement = new ArrayList<>();
        last = node;
        Node block = open.peek();
        (block == null ? root : block.open()).add(node);
    }
}
