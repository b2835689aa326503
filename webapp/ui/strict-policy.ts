// The content security policy allows no inline style. The libraries that draw diagrams, tables and forms use a few: their
// markup gets its styles from our own sheets, and CodeMirror's rules go into a sheet of the document instead of a <style>.
import type { Plugin } from "vite";

const DRAWING = /node_modules\/(dmn-js|bpmn-js|diagram-js|@bpmn-io\/form-js|table-js)/;
const INLINE = /([ '])style="/g;
const STYLE_MODULE = /node_modules\/style-mod\//;

export function strictPolicy(): Plugin {
  return {
    name: "strict-policy",
    transform(code, id) {
      if (STYLE_MODULE.test(id)) return { code: code.replace("!root.head && root.adoptedStyleSheets", "root.adoptedStyleSheets"), map: null };
      if (!DRAWING.test(id) || !code.includes('style="')) return null;
      return { code: code.replace(INLINE, '$1data-style="'), map: null };
    },
  };
}
