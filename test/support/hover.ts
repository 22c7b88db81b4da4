import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ts from 'typescript'

const root = resolve(import.meta.dirname, '../..')
const dist = join(root, 'dist')

const { exports }: { readonly exports: { readonly [door: string]: { readonly types?: string } } } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8')
)

/** The declarations of each public door, by its name. */
export const doors: ReadonlyArray<readonly [door: string, file: string]> = Object.entries(exports).flatMap(
  ([door, { types }]) => (types === undefined ? [] : [[door, join(root, types)] as const])
)

const options: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  strict: true,
  skipLibCheck: true,
  types: []
}

/**
 * TypeScript's language service, as an editor has it, over files of this project and those that are given here: also
 * those that are added to them later.
 */
export const editor = (given: ReadonlyMap<string, string> = new Map()): ts.LanguageService => {
  const textOf = (file: string): string | undefined => given.get(file) ?? ts.sys.readFile(file)
  return ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => [...given.keys(), ...doors.map(([, file]) => file)],
    getScriptVersion: () => '1',
    // otherwise every question looks for every file that there was not
    getProjectVersion: () => String(given.size),
    getScriptSnapshot: (file) => {
      const text = textOf(file)
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (file) => given.has(file) || ts.sys.fileExists(file),
    readFile: textOf,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories
  })
}

/** What an editor shows of the documentation of what stands at a place. */
export const hover = (service: ts.LanguageService, file: string, at: number): string =>
  ts.displayPartsToString(service.getQuickInfoAtPosition(file, at)?.documentation).replaceAll(/\s+/g, ' ').trim()

const programOf = (service: ts.LanguageService): ts.Program => {
  const program = service.getProgram()
  if (program === undefined) throw new Error('the language service has no program')
  return program
}

const nodeOf = (symbol: ts.Symbol): ts.PropertySignature | undefined =>
  symbol.declarations?.find(
    (node): node is ts.PropertySignature =>
      ts.isPropertySignature(node) && node.getSourceFile().fileName.startsWith(dist)
  )

/** What only tells one type from others, a tag or a brand, is documented by the type. */
const tellsApart = (type: ts.Type): boolean =>
  type.isStringLiteral() || Boolean(type.flags & ts.TypeFlags.UniqueESSymbol)

/** What a public door lets be seen: its names, and every member of whatever is reached from them. */
export const publicMembers = (service: ts.LanguageService, file: string): ReadonlyMap<string, ts.PropertySignature> => {
  const checker = programOf(service).getTypeChecker()
  const source = programOf(service).getSourceFile(file)
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source)
  const found = new Map<string, ts.PropertySignature>()
  const seen = new Set<unknown>()

  const walk = (path: string, type: ts.Type): void => {
    if (seen.has(type)) return
    seen.add(type)
    for (const part of type.isUnionOrIntersection() ? type.types : (type.aliasTypeArguments ?? [])) walk(path, part)
    if (!(type.flags & ts.TypeFlags.Object)) return
    const isReference = Boolean((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference)
    if (isReference) for (const argument of checker.getTypeArguments(type as ts.TypeReference)) walk(path, argument)
    for (const signature of [...type.getCallSignatures(), ...type.getConstructSignatures()]) {
      for (const parameter of signature.getParameters()) walk(path, checker.getTypeOfSymbol(parameter))
      walk(path, signature.getReturnType())
    }
    for (const property of type.getProperties()) {
      const node = nodeOf(property)
      const itsType = checker.getTypeOfSymbol(property)
      if (node === undefined || seen.has(node)) continue
      seen.add(node)
      if (!tellsApart(itsType)) found.set(`${path}.${property.name}`, node)
      walk(`${path}.${property.name}`, itsType)
    }
  }

  for (const exported of module === undefined ? [] : checker.getExportsOfModule(module)) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
    const isType = symbol.flags & (ts.SymbolFlags.TypeAlias | ts.SymbolFlags.Interface)
    walk(exported.name, isType ? checker.getDeclaredTypeOfSymbol(symbol) : checker.getTypeOfSymbol(symbol))
  }
  return found
}

/** The names that a door exports. */
export const publicNames = (service: ts.LanguageService, file: string): ReadonlyArray<string> => {
  const checker = programOf(service).getTypeChecker()
  const source = programOf(service).getSourceFile(file)
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source)
  return module === undefined ? [] : checker.getExportsOfModule(module).map(({ name }) => name)
}
