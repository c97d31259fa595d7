package cloud.dumont.economy.jdbc;

/**
 * One write to an account.
 *
 * @param number how many writes to the account there were, with this one
 * @param toldAt when it is told, in microseconds since 1970
 */
record Write(long number, long toldAt) {}
