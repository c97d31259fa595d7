package cloud.dumont.economy.examples.dashboard;

import java.util.Optional;

/** What a server serves. */
interface Answers {

    /** The answer to a request, ready to be sent. Never throws. */
    Response answer(Call call);

    /** Events without end, where that is what a request is for and it is allowed; else {@link #answer} is asked. */
    Optional<EventStream> stream(Call call);
}
