/** Vitest shows the first sentence of the error by which a test fails; an error of ONEDock's also says why. */
import type { TestError } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';

export default class TellWhy implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const module of modules) {
      report(module.relativeModuleId, module.errors());
      for (const suite of module.children.allSuites()) report(suite.fullName, suite.errors());
      for (const test of module.children.allTests()) report(test.fullName, test.result().errors ?? []);
    }
  }
}

function report(where: string, errors: readonly Partial<TestError>[]): void {
  for (const { message, why, cause } of errors) {
    const reasons = [why, cause?.message].filter((reason) => typeof reason === 'string' && reason !== '');
    if (reasons.length > 0) process.stdout.write(`\n${where}\n  ${[message, ...reasons].join('\n  ')}\n`);
  }
}
