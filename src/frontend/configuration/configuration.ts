/**
 * The front-end's configuration: oned.conf in OpenNebula's own language, over the defaults of 7.4 and ONEDock's
 * additions. It is what `one.system.config` prints, and where methods look up what drivers can do.
 */
import { type Attribute, parseTemplate, Template, type Vector } from '../../opennebula/template.ts';
import { ATTRIBUTE_RULES } from './attribute-rules.ts';
import { DRIVERS } from './drivers.ts';
import { GENERAL } from './general.ts';

/** Lists of drivers that have a configuration. */
export type DriverList = 'TM_MAD_CONF' | 'DS_MAD_CONF' | 'VN_MAD_CONF' | 'VM_MAD' | 'AUTH_MAD_CONF' | 'MARKET_MAD_CONF';

export class Configuration {
  readonly #template: Template;
  readonly #changes: Template;
  readonly #lists = new Map<string, readonly string[]>();

  /** @param changes attributes that replace those of the same name; drivers are replaced one by one */
  constructor(changes: Template = new Template()) {
    this.#changes = changes;
    this.#template = withChanges(defaultConfiguration(), changes);
  }

  get template(): Template {
    return this.#template;
  }

  /** Whether oned.conf itself sets it, to whatever value. */
  isGiven(name: string): boolean {
    return this.#changes.has(name);
  }

  /** A single value; empty when it is not set. */
  text(name: string): string {
    return this.#template.get(name) ?? '';
  }

  number(name: string): number {
    return Number(this.text(name));
  }

  /** YES in any case. */
  flag(name: string): boolean {
    return this.text(name).toUpperCase() === 'YES';
  }

  /** All values of an attribute that may be repeated, such as VM_RESTRICTED_ATTR. */
  list(name: string): readonly string[] {
    let values = this.#lists.get(name);
    if (!values) {
      values = this.#template.attributes.flatMap(([key, value]) =>
        key === name && typeof value === 'string' ? [value] : [],
      );
      this.#lists.set(name, values);
    }
    return values;
  }

  vector(name: string): Vector {
    return this.#template.vector(name) ?? {};
  }

  /** The entry of a driver; undefined when the configuration does not know it. */
  driver(list: DriverList, name: string): Readonly<Vector> | undefined {
    return this.#template.vectors(list).find((entry) => entry.NAME === name);
  }
}

function defaultConfiguration(): Template {
  return parseTemplate(GENERAL + DRIVERS + ATTRIBUTE_RULES);
}

function withChanges(defaults: Template, changes: Template): Template {
  const replaced = ([name, value]: Attribute) =>
    changes.attributes.some(([otherName, other]) => {
      if (otherName !== name) return false;
      if (typeof value === 'string' || typeof other === 'string' || other.NAME === undefined) return true;
      return other.NAME === value.NAME;
    });
  return new Template([...defaults.attributes.filter((attribute) => !replaced(attribute)), ...changes.attributes]);
}
