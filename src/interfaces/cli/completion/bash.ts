import type { OptionWords, Value, Words } from './words.ts'

const flat = (options: ReadonlyArray<OptionWords>): string => options.flatMap(({ names }) => names).join(' ')

const takingValues = (options: ReadonlyArray<OptionWords>): string =>
  options.flatMap(({ names, value }) => (value === undefined ? [] : names)).join('|')

const reply = (value: Value): string => {
  if (value === 'file') return '_keyfold_files'
  return value === 'any' ? 'COMPREPLY=()' : `COMPREPLY=($(compgen -W '${value.choices.join(' ')}' -- "$word"))`
}

/** What follows an option of a command: a line for each that takes a value. */
const valueCases = (scope: string, options: ReadonlyArray<OptionWords>): ReadonlyArray<string> =>
  options.flatMap(({ names, value }) =>
    value === undefined
      ? []
      : [`    ${names.map((name) => `'${scope} ${name}'`).join('|')}) ${reply(value)}; return ;;`]
  )

/** A script for bash, 3.2 and later. Names and choices of the parser are plain words, and need no quoting. */
export const bashScript = ({
  options,
  commands
}: Words): string => `# completion of keyfold for bash: source <(keyfold completion bash)
# names of files are bash's own to complete, whatever is in them; where it has no compopt (3.2), line by line
_keyfold_files() {
  local one
  compopt -o default 2>/dev/null && return
  while IFS= read -r one; do COMPREPLY+=("$one"); done < <(compgen -f -- "$word")
}
# the words up to the cursor as they were typed: bash takes sqlite:x.db and --status=completed apart, and only its line tells where
# blanks were
_keyfold_words() {
  local rest="\${COMP_LINE#*"\${COMP_WORDS[0]}"}" index=1 part
  words=(keyfold)
  while [ "$index" -le "$COMP_CWORD" ]; do
    part="\${COMP_WORDS[index]}"
    case "$rest" in
      [!$' \\t\\n']*) words[\${#words[@]}-1]+="$part" ;;
      *) words+=("$part") ;;
    esac
    rest="\${rest#*"$part"}"
    index=$((index + 1))
  done
}
_keyfold() {
  COMPREPLY=()
  local words name='' index=1 IFS=$' \\t\\n'
  _keyfold_words
  local last=$((\${#words[@]} - 1))
  local word="\${words[last]}" before="\${words[last-1]}"
  case "$word" in --*=*) before="\${word%%=*}"; word="\${word#*=}" ;; esac
  while [ "$index" -lt "$last" ]; do
    case "\${words[index]}" in
      ${takingValues(options)}) index=$((index + 1)) ;;
      -*) ;;
      *) name="\${words[index]}"; break ;;
    esac
    index=$((index + 1))
  done
  case "$name $before" in
${[...valueCases('', options), ...commands.flatMap((command) => valueCases(command.name, command.options))].join('\n')}
  esac
  case "$name" in
    '') COMPREPLY=($(compgen -W '${[flat(options), ...commands.map(({ name }) => name)].join(' ')}' -- "$word")) ;;
${commands
  .map(({ name, options: own, argument }) => {
    const words = `COMPREPLY=($(compgen -W '${flat(own)}' -- "$word"))`
    if (argument === undefined || argument === 'any') return `    ${name}) ${words} ;;`
    return `    ${name}) case "$word" in -*) ${words} ;; *) ${reply(argument)} ;; esac ;;`
  })
  .join('\n')}
  esac
}
complete -F _keyfold keyfold
`
