// Run the wheel in WebAssembly, as a browser does: `node tests/wasm.mjs`.
// It needs node, npm and uv, and installs pyodide and the wheels into a temporary folder.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const PYODIDE = "314"; // Python 3.14
const PLATFORM = "pyemscripten_2026_0_wasm32"; // the tag of its wheels
const PROGRAM = `
import importlib, pathlib, sys

import newspair

print("Python", sys.version.split()[0], "on", sys.platform)
first, second = newspair.ids()
text = newspair.read_text(second)
with newspair.as_file(second) as path:
    assert path.read_bytes().decode() == text
assert newspair.load(second).text == text
assert newspair.load(second).date_created.isoformat() == "2025-02-01T18:32:00+05:30"
assert newspair.validate()
folder = newspair.copy("/tmp/news")
assert newspair.validate(folder)

# A damaged file is diagnosed, also where Python lacks bz2 or lzma.
for name in ("bz2", "lzma"):
    try:
        importlib.import_module(name)
    except ImportError as error:
        print(error)
damages = {
    "binary": bytes(range(256)) * 9,
    "crlf": text.replace("\\n", "\\r\\n").encode(),
    "bzip2": b"BZh91AY&SY" + bytes(99),
    "xz": b"\\xfd7zXZ\\0" + bytes(99),
}
for name, damaged in damages.items():
    pathlib.Path(folder, f"{second}.txt").write_bytes(damaged)
    (problem,) = newspair.validate(folder).problems
    assert problem.file == f"{second}.txt"
    print(name, problem.check, problem.causes)
`;

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = mkdtempSync(join(tmpdir(), "newspair wasm "));
const wheels = join(folder, "wheels");
const run = (program, ...parameters) =>
  execFileSync(program, parameters, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });

try {
  run("npm", "install", "--silent", "--no-save", "--prefix", folder, `pyodide@${PYODIDE}`);
  run("uv", "build", "--quiet", "--wheel", "--out-dir", wheels, root);
  const [wheel] = readdirSync(wheels).filter((name) => name.endsWith(".whl"));
  // pip, since uv downloads no wheels; `any` is for those that are pure Python.
  run("uv", "tool", "run", "--quiet", "pip", "download", "--quiet", "--only-binary=:all:",
    "--platform", PLATFORM, "--platform", "any", "--python-version", PYODIDE,
    "--dest", wheels, join(wheels, wheel));
  const entry = join(folder, "node_modules", "pyodide", "pyodide.mjs");
  const { loadPyodide } = await import(pathToFileURL(entry));
  const pyodide = await loadPyodide();
  for (const name of readdirSync(wheels).filter((each) => each.endsWith(".whl"))) {
    console.log(name);
    pyodide.unpackArchive(new Uint8Array(readFileSync(join(wheels, name))), "wheel");
  }
  await pyodide.runPythonAsync(PROGRAM);
  console.log("ok");
} catch (error) {
  console.error(error.message); // a traceback would print a line of a megabyte
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
