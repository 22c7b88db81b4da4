import ts from 'typescript'

type Token = { readonly kind: ts.SyntaxKind; readonly start: number; readonly end: number }

/** Every token of a text and what lies between them; the middle of a template is told from a closing brace. */
function* tokensOf(text: string): Generator<Token> {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, text)
  const openIn: Array<number> = []
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    if (kind === ts.SyntaxKind.TemplateHead) openIn.push(0)
    else if (kind === ts.SyntaxKind.OpenBraceToken && openIn.length > 0) openIn.push((openIn.pop() ?? 0) + 1)
    else if (kind === ts.SyntaxKind.CloseBraceToken && openIn.length > 0) {
      const open = openIn.pop() ?? 0
      if (open > 0) openIn.push(open - 1)
      else if (scanner.reScanTemplateToken(false) !== ts.SyntaxKind.TemplateTail) openIn.push(0)
    }
    yield { kind, start: scanner.getTokenStart(), end: scanner.getTokenEnd() }
  }
}

const isDocumentation = (text: string, { kind, start }: Token): boolean =>
  kind === ts.SyntaxKind.MultiLineCommentTrivia && text.startsWith('/**', start)

/**
 * Declarations with each of their comments on lines of its own. The emitter leaves a member's comment on the line of the
 * member before, where TypeScript takes it for neither's, and an editor shows nothing.
 */
export const commentsAbove = (text: string): string => {
  let made = ''
  let upTo = 0
  let lineStart = 0
  let blankSoFar = true
  for (const token of tokensOf(text)) {
    if (isDocumentation(text, token)) {
      const inner = text[text.slice(0, token.start).trimEnd().length - 1] === '{' ? '  ' : ''
      const indent = `\n${/^ */.exec(text.slice(lineStart))?.[0]}${blankSoFar ? '' : inner}`
      made += blankSoFar ? text.slice(upTo, token.start) : text.slice(upTo, token.start).trimEnd() + indent
      made += text.slice(token.start, token.end)
      made += text[token.end] === '\n' ? '' : indent
      upTo = token.end + (text[token.end] === ' ' ? 1 : 0)
    } else if (token.kind === ts.SyntaxKind.NewLineTrivia) {
      lineStart = token.end
      blankSoFar = true
    } else if (token.kind !== ts.SyntaxKind.WhitespaceTrivia) blankSoFar = false
  }
  return made + text.slice(upTo)
}
