import ts from 'typescript'

/** Declarations that were read: another program of the same test takes them as they are. */
const read = new Map<string, ts.SourceFile | undefined>()

const hostFor = (options: ts.CompilerOptions): ts.CompilerHost => {
  const host = ts.createCompilerHost(options)
  const own = host.getSourceFile
  host.getSourceFile = (file, ...how) => {
    if (!file.endsWith('.d.ts')) return own(file, ...how)
    if (!read.has(file)) read.set(file, own(file, ...how))
    return read.get(file)
  }
  return host
}

/**
 * Compiles files in a folder, with options as in a tsconfig.json of it, and gives what the compiler says of them and of all
 * that they import: nothing, where they compile. The libraries that come with the compiler are not ours to check, and cost
 * more than all else.
 */
export const compiled = (folder: string, options: object, files: ReadonlyArray<string>): string => {
  const { options: converted, errors } = ts.convertCompilerOptionsFromJson(options, folder)
  const host = hostFor(converted)
  const program = ts.createProgram(
    files.map((file) => `${folder}/${file}`),
    converted,
    host
  )
  const checked = program.getSourceFiles().filter((file) => !program.isSourceFileDefaultLibrary(file))
  // one by one: to emit a whole program checks all of it, with the compiler's libraries
  const sources = checked.filter((file) => !converted.noEmit && !file.isDeclarationFile)
  const emitted = sources.flatMap((file) => program.emit(file).diagnostics)
  const found = [
    ...errors,
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...checked.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
    ...emitted
  ]
  return ts.formatDiagnostics(found, { ...host, getCurrentDirectory: () => folder })
}
