package cloud.dumont.economy;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Who may know whom, and what never touches money. If a rule fails, the dependency is usually wrong, not the rule. */
@AnalyzeClasses(packages = "cloud.dumont.economy", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "cloud.dumont.economy";

    private static ArchRule room(String room, String... known) {
        String[] allowed = Stream.concat(Stream.of(room, "input"), Stream.of(known))
                .map(name -> ROOT + "." + name)
                .toArray(String[]::new);
        DescribedPredicate<JavaClass> ours = resideInAnyPackage(ROOT + "..");
        return noClasses()
                .that()
                .resideInAPackage(ROOT + "." + room)
                .should()
                .dependOnClassesThat(ours.and(resideOutsideOfPackages(allowed)).and(not(type(EconomyException.class))))
                .as(room + " knows only " + String.join(", ", known));
    }

    /** Every room reads what it is given by it. */
    @ArchTest
    static final ArchRule inputKnowsNobody = room("input");

    @ArchTest
    static final ArchRule moneyKnowsNobody = room("money");

    @ArchTest
    static final ArchRule providerKnowsNobody = room("provider");

    @ArchTest
    static final ArchRule csvKnowsNobody = room("csv");

    @ArchTest
    static final ArchRule gpuKnowsNobody = room("gpu", "csv");

    @ArchTest
    static final ArchRule pricingKnowsWhatIsPriced = room("pricing", "money", "gpu", "provider");

    @ArchTest
    static final ArchRule sourcesKnowPricing = room("pricing.source", "pricing", "money", "gpu", "provider", "csv");

    @ArchTest
    static final ArchRule feedsKnowSources =
            room("pricing.feed", "pricing", "pricing.source", "money", "gpu", "provider");

    @ArchTest
    static final ArchRule equivalenceKnowsPricing = room("equivalence", "pricing", "money", "gpu", "provider");

    @ArchTest
    static final ArchRule usageKnowsNoPrices = room("usage", "money", "gpu", "provider", "csv");

    @ArchTest
    static final ArchRule historyKnowsUsage = room("history", "usage", "money", "gpu", "provider");

    @ArchTest
    static final ArchRule savingsKnowsBothSides =
            room("savings", "history", "usage", "equivalence", "pricing", "money", "gpu", "provider");

    @ArchTest
    static final ArchRule pollingKnowsNothingOfMoney = classes()
            .that()
            .resideInAPackage(ROOT + ".polling")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(ROOT + ".polling", "java..", "org.slf4j..", "org.jspecify..");

    @ArchTest
    static final ArchRule noCycles = slices().matching(ROOT + ".(**)")
            .should()
            .beFreeOfCycles()
            .ignoreDependency(resideInAnyPackage(ROOT + ".."), type(EconomyException.class));

    @ArchTest
    static final ArchRule noBinaryFloatsNearMoney = classes()
            .that()
            .resideInAnyPackage(
                    ROOT + ".money..",
                    ROOT + ".gpu..",
                    ROOT + ".pricing..",
                    ROOT + ".equivalence..",
                    ROOT + ".usage..",
                    ROOT + ".history..",
                    ROOT + ".savings..")
            .should(mention(
                    "double or float",
                    named -> Set.of("double", "float", "java.lang.Double", "java.lang.Float", "double[]", "float[]")
                            .contains(named),
                    member -> true));

    @ArchTest
    static final ArchRule onlyOurTypesInPublic = classes()
            .that()
            .arePublic()
            .should(mention(
                    "a foreign type in public",
                    named -> named.contains(".") && !named.startsWith("java.") && !named.startsWith(ROOT),
                    member -> member.getModifiers().contains(JavaModifier.PUBLIC)
                            || member.getModifiers().contains(JavaModifier.PROTECTED)));

    /** Fails for members whose signature mentions a forbidden type. */
    private static ArchCondition<JavaClass> mention(
            String what, Predicate<String> forbidden, Predicate<JavaMember> looked) {
        return new ArchCondition<>("not mention " + what) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (JavaMember member : type.getMembers()) {
                    if (looked.test(member) && signature(member).anyMatch(forbidden)) {
                        events.add(SimpleConditionEvent.violated(member, member.getFullName() + " mentions " + what));
                    }
                }
            }
        };
    }

    private static Stream<String> signature(JavaMember member) {
        if (member instanceof JavaField field) {
            return field.getType().getAllInvolvedRawTypes().stream().map(JavaClass::getName);
        }
        JavaCodeUnit code = (JavaCodeUnit) member;
        return Stream.concat(
                        code.getReturnType().getAllInvolvedRawTypes().stream(),
                        code.getParameterTypes().stream()
                                .flatMap(parameter -> parameter.getAllInvolvedRawTypes().stream()))
                .map(JavaClass::getName);
    }

    @ArchTest
    static final ArchRule timeComesFromOutside = noClasses()
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(java.time.LocalDate.class, "now")
            .orShould()
            .callMethod(java.time.ZonedDateTime.class, "now")
            .orShould()
            .callMethod(java.time.Clock.class, "systemUTC")
            .orShould()
            .callMethod(java.time.Clock.class, "systemDefaultZone")
            .orShould()
            .callMethod(java.time.Clock.class, "system", java.time.ZoneId.class)
            .orShould()
            .callMethod(java.time.LocalDate.class, "now", java.time.ZoneId.class)
            .orShould()
            .callConstructor(java.util.Date.class);

    @ArchTest
    static final ArchRule namesSayWhatSetsApart = noClasses()
            .should()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Manager");

    /** A room without a rule would be free to know anybody. */
    @ArchTest
    static void everyRoomHasItsRule(JavaClasses imported) {
        assertThat(imported.stream().map(JavaClass::getPackageName).distinct())
                .containsOnly(Stream.concat(
                                Stream.of(ROOT),
                                Stream.of(
                                                "money",
                                                "provider",
                                                "csv",
                                                "input",
                                                "gpu",
                                                "pricing",
                                                "pricing.source",
                                                "pricing.feed",
                                                "equivalence",
                                                "usage",
                                                "history",
                                                "savings",
                                                "polling")
                                        .map(name -> ROOT + "." + name))
                        .toArray(String[]::new));
    }

    @ArchTest
    static final ArchRule rootIsKnownByNobodyButForItsException = noClasses()
            .that(resideInAnyPackage(ROOT + "..").and(resideOutsideOfPackages(ROOT)))
            .should()
            .dependOnClassesThat(resideInAnyPackage(ROOT).and(not(type(EconomyException.class))));

    /** Extension points are small interfaces; everything else is final or package-private. */
    @ArchTest
    static final ArchRule publicClassesAreFinal = classes()
            .that()
            .arePublic()
            .and()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .and()
            .doNotHaveModifier(JavaModifier.ABSTRACT)
            .should()
            .haveModifier(JavaModifier.FINAL);

    @ArchTest
    static final ArchRule exceptionsAreOfOneFamily =
            classes().that().areAssignableTo(RuntimeException.class).should().beAssignableTo(EconomyException.class);
}
