package io.aliecs.relay;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.aliecs.relay", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule domainKnowsNoFramework =
      classes()
          .that()
          .resideInAPackage("io.aliecs.relay.domain..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.aliecs.relay.domain..", "java..", "org.pcollections..", "org.jspecify..");

  @ArchTest
  static final ArchRule domainHasNoClockAndDoesNoInputOrOutput =
      classes()
          .that()
          .resideInAPackage("io.aliecs.relay.domain..")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackages("java.time..", "java.io..", "java.net..", "java.nio.file..");
}
