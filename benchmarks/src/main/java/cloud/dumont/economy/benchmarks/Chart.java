package cloud.dumont.economy.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Bars of all measurements over a logarithmic axis, as SVG. Colours are readable on a white page and on a dark one. */
final class Chart {

    private static final int WIDTH = 900;
    private static final int LEFT = 250;
    private static final int RIGHT = 150;
    private static final int ROW = 20;
    private static final int HEADING = 34;

    private final Map<String, List<Measurement>> groups;
    private final int firstDecade;
    private final int lastDecade;
    private final StringBuilder svg = new StringBuilder();
    private int y = 46;

    Chart(List<Measurement> measured) {
        groups = measured.stream()
                .collect(Collectors.groupingBy(Measurement::subject, LinkedHashMap::new, Collectors.toList()));
        firstDecade = measured.stream().mapToInt(m -> decade(m.nanos())).min().orElse(0);
        lastDecade = measured.stream().mapToInt(m -> decade(m.nanos())).max().orElse(0) + 1;
        draw();
    }

    private static int decade(double nanos) {
        return (int) Math.floor(Math.log10(nanos));
    }

    private double x(double nanos) {
        return LEFT + (WIDTH - LEFT - RIGHT) * (Math.log10(nanos) - firstDecade) / (lastDecade - firstDecade);
    }

    private void draw() {
        int rows = groups.values().stream().mapToInt(List::size).sum();
        int height = y + groups.size() * HEADING + rows * ROW + 12;
        add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\"", WIDTH, height);
        add(" aria-label=\"Time of one operation, logarithmic; the tables in benchmarks.md have the figures\">%n");
        add("<style>%n");
        add(
                "text{font:12px system-ui,sans-serif;fill:#1f2328}.head{font-weight:600}.axis{fill:#59636e;text-anchor:middle}%n");
        add(".label{text-anchor:end}.ours{fill:#0969da}.rival{fill:#8c959f}.grid{stroke:#8c959f;stroke-opacity:.3}%n");
        add(
                "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.axis{fill:#9198a1}.ours{fill:#4493f8}.rival{fill:#767e89}}%n");
        add("</style>%n");
        legend();
        for (int decade = firstDecade; decade <= lastDecade; decade++) {
            double at = x(Math.pow(10, decade));
            add("<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>", at, y, at, height - 8);
            add("<text class=\"axis\" x=\"%.1f\" y=\"%d\">%s</text>%n", at, y - 6, tick(decade));
        }
        groups.forEach((subject, bars) -> {
            y += HEADING;
            add("<text class=\"head\" x=\"8\" y=\"%d\">%s</text>%n", y - 9, subject);
            bars.forEach(this::bar);
        });
        add("</svg>%n");
    }

    private void legend() {
        add("<rect class=\"ours\" x=\"8\" y=\"8\" width=\"12\" height=\"12\"/><text x=\"26\" y=\"18\">economy</text>");
        add(
                "<rect class=\"rival\" x=\"92\" y=\"8\" width=\"12\" height=\"12\"/><text x=\"110\" y=\"18\">without it</text>%n");
    }

    private static String tick(int decade) {
        return Measurement.time(Math.pow(10, decade)).replaceAll("\\.0+ ", " ");
    }

    private void bar(Measurement measurement) {
        double end = Math.max(x(measurement.nanos()), LEFT + 2);
        add("<text class=\"label\" x=\"%d\" y=\"%d\">%s</text>", LEFT - 8, y + 12, measurement.label());
        add(
                "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>",
                measurement.isRival() ? "rival" : "ours", LEFT, y + 2, end - LEFT, ROW - 6);
        add(
                "<text x=\"%.1f\" y=\"%d\">%s, %s</text>%n",
                end + 6, y + 12, Measurement.time(measurement.nanos()), Measurement.bytes(measurement.bytes()));
        y += ROW;
    }

    @SuppressWarnings("AnnotateFormatMethod") // its annotation is in a library of its own
    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }

    @Override
    public String toString() {
        return svg.toString();
    }
}
