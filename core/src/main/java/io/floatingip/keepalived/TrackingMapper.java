package io.floatingip.keepalived;

import io.floatingip.TrackedInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads what an instance or a group follows: {@code track_interface}, {@code track_script}, {@code track_file}, {@code track_process}. */
final class TrackingMapper {
    static final int WEIGHT_MAX = 253;
    static final int FILE_WEIGHT_MAX = 254;

    private final Findings findings;

    TrackingMapper(Findings findings) {
        this.findings = findings;
    }

    /** Tracked checks with where they stand. */
    record Placed(Tracking tracking, Position at) {}

    /** Tracked interfaces with where they stand. */
    record PlacedInterface(TrackedInterface tracked, Position at) {}

    private record Entry(String name, OptionalInt weight, boolean reversed, Position at) {}

    List<PlacedInterface> interfaces(Node block) {
        List<PlacedInterface> all = new ArrayList<>();
        for (Entry entry : entries(block, WEIGHT_MAX)) {
            if (!AddressMapper.isDevice(entry.name())) {
                findings.error(entry.at(), Statement.shown(entry.name()) + " is no name of an interface");
                continue;
            }
            all.add(new PlacedInterface(
                    new TrackedInterface(entry.name(), entry.weight().orElse(0), entry.reversed()), entry.at()));
        }
        return all;
    }

    List<Placed> checks(Node block, Tracking.Kind kind) {
        int max = kind == Tracking.Kind.SCRIPT ? WEIGHT_MAX : FILE_WEIGHT_MAX;
        return entries(block, max).stream()
                .map(e -> new Placed(new Tracking(kind, e.name(), e.weight(), e.reversed()), e.at()))
                .toList();
    }

    /** {@code NAME [weight N] [reverse|noreverse]}, one a line; names may have blanks. */
    private List<Entry> entries(Node block, int weightMax) {
        new Statement(block, findings).endOfWords();
        List<Entry> entries = new ArrayList<>();
        for (Node node : block.block()) {
            Statement s = new Statement(node, findings);
            StringBuilder name = new StringBuilder(node.name());
            while (s.hasMore() && !isOption(s.peek().orElseThrow())) {
                name.append(' ').append(s.word().orElseThrow().text());
            }
            OptionalInt weight = OptionalInt.empty();
            boolean reversed = false;
            while (s.hasMore()) {
                Word option = s.word().orElseThrow();
                switch (option.text()) {
                    case "weight" -> weight = weight(s, option, weightMax);
                    case "reverse" -> reversed = true;
                    case "noreverse" -> reversed = false;
                    default ->
                        findings.warning(
                                option.at(),
                                Statement.shown(option.text()) + " is neither weight nor reverse; it is left out");
                }
            }
            s.end();
            entries.add(new Entry(name.toString(), weight, reversed, node.at()));
        }
        return entries;
    }

    private static boolean isOption(Word word) {
        return !word.quoted() && (word.is("weight") || word.is("reverse") || word.is("noreverse"));
    }

    private OptionalInt weight(Statement s, Word option, int max) {
        Optional<Word> value = s.word();
        try {
            int weight = Integer.parseInt(value.map(Word::text).orElse(""));
            if (Math.abs((long) weight) <= max) {
                return OptionalInt.of(weight);
            }
        } catch (NumberFormatException e) {
            // The message below says what is wanted.
        }
        findings.error(value.orElse(option).at(), "weight must be -" + max + " to " + max);
        return OptionalInt.empty();
    }
}
