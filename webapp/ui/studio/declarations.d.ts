// Packages without types of their own.
declare module "diagram-js-minimap";
declare module "bpmn-js-i18n/translations/ru";
declare module "bpmnlint/lib/linter" {
  export default class Linter {
    constructor(options: { config: unknown; resolver: unknown });
    lint(root: unknown): Promise<unknown>;
  }
}
declare module "bpmnlint/rules/*" {
  const rule: unknown;
  export default rule;
}
declare module "dmn-js/lib/Modeler";
declare module "dmn-js/lib/NavigatedViewer";
