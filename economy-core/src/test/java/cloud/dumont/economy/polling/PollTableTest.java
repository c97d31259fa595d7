package cloud.dumont.economy.polling;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.testing.Law;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The table against a plain model, under random operations; ticks go round the end of 32 bits. */
class PollTableTest {

    private static final class Model {
        PollState state = PollState.NEW;
        int due;
        int failures;
        int generation;
    }

    @Test
    void anyOperations_agreeWithAPlainModel() {
        Law.holds(300, gen -> {
            PollTable table = new PollTable(gen.between(1, 8));
            Map<Integer, Model> models = new HashMap<>();
            ArrayDeque<Integer> queue = new ArrayDeque<>();
            int now = gen.pick(0, Integer.MAX_VALUE - 500, -1_000);
            for (int step = 0; step < 300; step++) {
                now += gen.between(0, 5);
                List<Integer> slots = new ArrayList<>(models.keySet());
                if (slots.isEmpty() || gen.oneIn(4)) {
                    int slot = table.add("task");
                    assertThat(models).doesNotContainKey(slot);
                    Model model = new Model();
                    model.generation = table.generation(slot);
                    models.put(slot, model);
                    continue;
                }
                int slot = gen.pick(slots);
                Model model = models.get(slot);
                switch (gen.between(0, 6)) {
                    case 0 -> {
                        table.remove(slot);
                        models.remove(slot);
                        queue.remove(slot);
                        assertThat(table.holds(slot, model.generation)).isFalse();
                    }
                    case 1, 2 -> {
                        if (model.state != PollState.READY) {
                            model.state = PollState.WAITING;
                            model.due = now + gen.between(0, 200);
                            table.await(slot, model.due);
                        }
                    }
                    case 3 -> {
                        if (model.state != PollState.READY) {
                            model.state = PollState.READY;
                            table.enqueue(slot);
                            queue.add(slot);
                        }
                    }
                    case 4 -> {
                        if (model.state != PollState.READY) {
                            model.state = PollState.PAUSED;
                            table.pause(slot);
                        }
                    }
                    case 5 -> {
                        model.failures = Math.min(255, model.failures + 1);
                        table.failed(slot);
                    }
                    default -> {
                        int taken = table.takeReady();
                        Integer expected = queue.poll();
                        assertThat(taken).isEqualTo(expected == null ? -1 : expected);
                        if (expected != null) {
                            models.get(expected).state = PollState.RUNNING;
                        }
                    }
                }
                agree(table, models, queue.size(), now);
            }
        });
    }

    private static void agree(PollTable table, Map<Integer, Model> models, int ready, int now) {
        assertThat(table.size()).isEqualTo(models.size());
        assertThat(table.ready()).isEqualTo(ready);
        models.forEach((slot, model) -> {
            assertThat(table.holds(slot, model.generation)).isTrue();
            assertThat(table.state(slot)).isEqualTo(model.state);
            assertThat(table.failures(slot)).isEqualTo(model.failures);
        });
        List<Model> waiting = models.values().stream()
                .filter(model -> model.state == PollState.WAITING)
                .toList();
        assertThat(table.waiting()).isEqualTo(waiting.size());
        if (!waiting.isEmpty()) {
            int soonest =
                    waiting.stream().mapToInt(model -> model.due - now).min().orElseThrow();
            assertThat(table.due(table.first()) - now).isEqualTo(soonest);
        }
    }

    @Test
    void slotThatIsUsedAgain_isNotTheOldOnes_andIsGivenUpBeforeItsGenerationsComeRound() {
        PollTable table = new PollTable(1);
        for (int i = 0; i < 200_000; i++) {
            int slot = table.add("task");
            int generation = table.generation(slot);
            table.failed(slot);
            table.remove(slot);
            assertThat(table.holds(slot, generation)).isFalse();
        }
        assertThat(table.top()).isEqualTo(200_000 / 65_535 + 1);
    }
}
