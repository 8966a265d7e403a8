package io.floatingip.internal.notify;

import io.floatingip.Role;
import io.floatingip.RoleChange;

/** keepalived's words for what has changed. */
public final class Words {
    private Words() {}

    /** INSTANCE, or GROUP, which has no priority. */
    public static String type(RoleChange change) {
        return change.priority() == 0 ? "GROUP" : "INSTANCE";
    }

    public static String state(RoleChange change) {
        return change.to() == Role.RELEASED ? "STOP" : change.to().name();
    }

    /** {@code INSTANCE "VI_1" MASTER 100} and the end of the line. */
    public static String line(RoleChange change) {
        return type(change) + " \"" + change.name().replaceAll("[\\p{Cntrl}\"]", "_") + "\" " + state(change) + " "
                + change.priority() + "\n";
    }

    /** One flat JSON object. */
    public static String json(RoleChange change) {
        StringBuilder text = new StringBuilder("{");
        member(text, "type", type(change));
        member(text, "name", change.name());
        member(text, "from", change.from().name());
        member(text, "to", change.to().name());
        member(text, "reason", change.reason().name());
        member(text, "detail", change.detail());
        member(text, "at", change.at().toString());
        text.append("\"priority\":").append(change.priority());
        return text.append(",\"epoch\":").append(change.epoch()).append('}').toString();
    }

    private static void member(StringBuilder text, String name, String value) {
        text.append('"').append(name).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append("\",");
    }
}
