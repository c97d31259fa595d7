package cloud.dumont.economy.gpu;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Optional;

/** What a GPU name turned out to mean. Ambiguity is an answer of its own, not an error and never a guess. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "meaning")
@JsonSubTypes({
    @JsonSubTypes.Type(value = GpuResolution.Known.class, name = "known"),
    @JsonSubTypes.Type(value = GpuResolution.Ambiguous.class, name = "ambiguous"),
    @JsonSubTypes.Type(value = GpuResolution.Shared.class, name = "shared"),
    @JsonSubTypes.Type(value = GpuResolution.Unknown.class, name = "unknown")
})
public sealed interface GpuResolution {

    /**
     * The name that was looked up.
     *
     * @return the name as it was given, may be blank
     */
    String name();

    /**
     * The model, where the name means exactly one.
     *
     * @return the model, or empty
     */
    default Optional<GpuModel> model() {
        return this instanceof Known known ? Optional.of(known.gpu()) : Optional.empty();
    }

    /**
     * The name means one model.
     *
     * @param name the name as it was given
     * @param gpu what it means
     */
    record Known(String name, GpuModel gpu) implements GpuResolution {}

    /**
     * The name alone does not tell several models apart.
     *
     * @param name the name as it was given
     * @param choices the models it may mean, two or more
     */
    record Ambiguous(String name, List<GpuModel> choices) implements GpuResolution {

        /** Copies the choices. */
        public Ambiguous {
            choices = List.copyOf(choices);
        }
    }

    /**
     * The name tells replicas of a shared card ({@code Tesla-T4-SHARED}): several of them may be one card, so that nothing is compared
     * by their number. Where the number of cards is known, {@link #card} is what to compare.
     *
     * @param name the name as it was given
     * @param card what the name of the card itself means: one model, or the choices
     */
    record Shared(String name, GpuResolution card) implements GpuResolution {}

    /**
     * No alias names it.
     *
     * @param name the name as it was given
     * @param reason why nothing matched, in words
     */
    record Unknown(String name, String reason) implements GpuResolution {}
}
