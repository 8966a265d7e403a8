package io.floatingip.gateway.config;

import io.floatingip.keepalived.Finding;
import io.floatingip.keepalived.Position;
import io.floatingip.keepalived.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A YAML document that remembers where everything stands, and collects what is wrong with it instead of stopping at the first mistake. */
final class Yaml {
    private final String file;
    private final List<Finding> findings = new ArrayList<>();

    Yaml(String file) {
        this.file = file;
    }

    /** The document's mapping; empty, with an error, if there is none. */
    Optional<Section> document(String text) {
        LoadSettings settings = LoadSettings.builder().setLabel(file).build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty()) {
                error(Optional.empty(), "", "is empty; docs/gateway.md has an example to begin with");
                return Optional.empty();
            }
            return new Value("", root.get()).section();
        } catch (MarkedYamlEngineException e) {
            error(e.getProblemMark().or(e::getContextMark), "", "not YAML: " + e.getProblem());
        } catch (YamlEngineException | StackOverflowError e) {
            error(Optional.empty(), "", "not YAML: " + e.getMessage());
        }
        return Optional.empty();
    }

    /** In the order of the file; what is read for several servers is wrong once. */
    List<Finding> findings() {
        return findings.stream()
                .distinct()
                .sorted(Comparator.comparing((Finding f) -> f.at().line()).thenComparing(f -> f.at().column()))
                .toList();
    }

    boolean hasErrors() {
        return findings.stream().anyMatch(f -> f.severity() == Severity.ERROR);
    }

    void error(Optional<Mark> mark, String path, String message) {
        find(Severity.ERROR, mark, path, message);
    }

    private void find(Severity severity, Optional<Mark> mark, String path, String message) {
        Position at = mark.map(m -> new Position(file, m.getLine() + 1, m.getColumn() + 1))
                .orElse(new Position(file, 1, 1));
        findings.add(new Finding(at, severity, path.isEmpty() ? message : path + ": " + message));
    }

    /** What stands behind a key or in a list. */
    final class Value {
        private final String path;
        private final Node node;

        Value(String path, Node node) {
            this.path = path;
            this.node = node;
        }

        void error(String message) {
            Yaml.this.error(node.getStartMark(), path, message);
        }

        void warning(String message) {
            find(Severity.WARNING, node.getStartMark(), path, message);
        }

        boolean isMapping() {
            return node instanceof MappingNode;
        }

        /** The mapping that is wanted here. */
        Optional<Section> section() {
            if (node instanceof MappingNode mapping) {
                return Optional.of(new Section(path, mapping));
            }
            error("must be a mapping (key: value), got " + kind());
            return Optional.empty();
        }

        /** The entries of a list; something that is not a list is one of its own. */
        List<Value> items() {
            if (!(node instanceof SequenceNode sequence)) {
                return List.of(this);
            }
            List<Value> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                items.add(new Value(path + "[" + items.size() + "]", item));
            }
            return items;
        }

        /** The text, understood; what the reader throws is an error at this place. */
        <T> Optional<T> as(Function<String, T> reader) {
            if (!(node instanceof ScalarNode scalar)) {
                error("must be a single value, got " + kind());
                return Optional.empty();
            }
            if (scalar.getTag().equals(Tag.NULL)) {
                error("has no value");
                return Optional.empty();
            }
            try {
                return Optional.of(reader.apply(scalar.getValue()));
            } catch (IllegalArgumentException e) {
                error(String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        }

        /** Each entry, understood; those that are not are left out. */
        <T> List<T> each(Function<String, T> reader) {
            return items().stream().flatMap(item -> item.as(reader).stream()).toList();
        }

        private String kind() {
            if (node instanceof SequenceNode) {
                return "a list";
            }
            return node instanceof MappingNode ? "a mapping" : "\"" + ((ScalarNode) node).getValue() + "\"";
        }
    }

    /** A mapping. Keys are taken one by one; {@link #end} refuses those that nobody wanted. */
    final class Section {
        private final String path;
        private final MappingNode node;
        private final Map<String, NodeTuple> left = new LinkedHashMap<>();
        private final Set<String> known = new LinkedHashSet<>();

        Section(String path, MappingNode node) {
            this.path = path;
            this.node = node;
            for (NodeTuple tuple : node.getValue()) {
                if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                    Yaml.this.error(tuple.getKeyNode().getStartMark(), path, "a key must be a word");
                } else if (left.putIfAbsent(key.getValue(), tuple) != null) {
                    Yaml.this.error(key.getStartMark(), inside(key.getValue()), "is given twice");
                }
            }
        }

        void error(String message) {
            Yaml.this.error(node.getStartMark(), path, message);
        }

        Optional<Value> take(String key) {
            known.add(key);
            return Optional.ofNullable(left.remove(key)).map(t -> new Value(inside(key), t.getValueNode()));
        }

        <T> Optional<T> take(String key, Function<String, T> reader) {
            return take(key).flatMap(value -> value.as(reader));
        }

        /** As {@link #take(String)}; without the key there is an error. */
        Optional<Value> required(String key, String example) {
            Optional<Value> value = take(key);
            if (value.isEmpty()) {
                error(key + " is missing, for example " + key + ": " + example);
            }
            return value;
        }

        /** Keys that were not taken yet, with what stands behind them. */
        Map<String, Value> rest() {
            Map<String, Value> rest = new LinkedHashMap<>();
            left.forEach((key, tuple) -> rest.put(key, new Value(inside(key), tuple.getValueNode())));
            left.clear();
            return rest;
        }

        void end() {
            left.forEach((key, tuple) -> Yaml.this.error(
                    tuple.getKeyNode().getStartMark(),
                    inside(key),
                    "no such key; "
                            + nearest(key)
                                    .map(near -> "did you mean " + near + "?")
                                    .orElse("there is "
                                            + known.stream().sorted().collect(Collectors.joining(", ")))));
        }

        private Optional<String> nearest(String key) {
            return known.stream()
                    .filter(candidate -> distance(plain(candidate), plain(key)) <= 2)
                    .min(Comparator.comparing(candidate -> distance(plain(candidate), plain(key))));
        }

        private String inside(String key) {
            return path.isEmpty() ? key : path + "." + key;
        }
    }

    /** advertInterval and advert_interval are meant for advert-interval. */
    private static String plain(String key) {
        return key.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    /** How many letters have to be added, left out or replaced. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
