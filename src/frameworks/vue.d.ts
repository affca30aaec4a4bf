import type {
  CallButtonAttributes,
  CallButtonElement,
  CallButtonEventMap,
  CallButtonProperties,
} from 'call-button';
import type { HTMLAttributes, PublicProps } from 'vue';

type Pascal<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${Capitalize<First>}${Pascal<Rest>}`
  : Capitalize<Name>;

/** `@call-end` is the property `onCallEnd` to Vue's compiler. */
type Listeners = {
  [Name in keyof CallButtonEventMap as `on${Pascal<Name>}`]?: (
    event: CallButtonEventMap[Name],
  ) => unknown;
};

type Camel<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Pascal<Rest>}`
  : Name;

/** Vue's compiler writes `caller-name` as `callerName`. */
type Attributes = {
  [Name in keyof CallButtonAttributes as Camel<Name>]: CallButtonAttributes[Name];
};

type Properties = Attributes & CallButtonProperties & Listeners;

declare module 'vue' {
  interface GlobalComponents {
    'call-button': new () => CallButtonElement & {
      /** @deprecated for the template's types alone */
      $props: Omit<HTMLAttributes, keyof Properties> & Properties & PublicProps;
    };
  }
}
