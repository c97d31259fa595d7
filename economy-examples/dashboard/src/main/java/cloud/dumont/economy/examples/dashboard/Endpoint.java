package cloud.dumont.economy.examples.dashboard;

/** Answers one question of the API. */
@FunctionalInterface
interface Endpoint {

    /**
     * The answer.
     *
     * @throws HttpProblem if a parameter is not allowed
     */
    Content answer(ApiRequest request);
}
