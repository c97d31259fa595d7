package cloud.dumont.economy.benchmarks;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a benchmark method of ours set out to reach. The report says whether it did, the guard whether it still holds; both look at
 * methods of one class in one run.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(Goal.All.class)
@interface Goal {

    /** What is measured, in a few words. */
    String question();

    /** The parameter that the goal is for, such as {@code instances=1000}; blank where there is none. */
    String at() default "";

    /** The method that does the same the plain way; blank where the goal is only about our own figure. */
    String against() default "";

    /** The other method's parameter; blank where it is the same. */
    String againstAt() default "";

    /** The other's time divided by ours is to be at least this; 0 where time is no goal. */
    double lead() default 0;

    /** Our time is to be at most this; 0 where only the lead counts. Never guarded: it is a fact about a machine. */
    double nanos() default 0;

    /** Our garbage per operation is to be at most this; negative where it is no goal. */
    double bytes() default -1;

    /**
     * The lead that the guard insists on, less than was measured on a quiet machine, since a busy one measures less; 0 where
     * the guard leaves the goal alone.
     */
    double held() default 0;

    /** Several goals of one method. */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @interface All {

        /** The goals. */
        Goal[] value();
    }
}
