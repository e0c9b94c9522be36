import { hexOf } from '#protocol/hex.ts'
import { explainFrame } from '#words/ko/frame-spans.ts'
import { GLOSSARY, type Term } from '../content/glossary.ts'
import { measuredValue } from '../content/race-record.ts'
import { placeWords, recordedBytes } from '../content/recorded-bytes.ts'
import { recordedFrame, recordedHead, recordedValue } from '../content/recorded.ts'
import { sectionLink } from '../content/rfc.ts'
import { annotatedLines } from '../wire/head-lines.ts'
import type { PlainWriter } from './plain-lesson.ts'
import { attributeOf, childrenBut, childrenNamed, hasAttribute, type JsxElement } from './lesson-tree.ts'

type Writing = (element: JsxElement, writer: PlainWriter) => string

/** How each piece of furniture reads in plain Markdown. */
export const PLAIN_FURNITURE: Readonly<Record<string, Writing>> = {
  Client: content,
  Server: content,
  Fig: (element, writer) => writer.figureNumber(attribute(element, 'of')),
  Term: (element, writer) => content(element, writer) || termOf(element).ko,
  Rfc: element => {
    const number = attributeOf(element, 'number') ?? '6455'
    const section = attributeOf(element, 'section') ?? ''
    return `[RFC ${number} §${section}](${sectionLink(number, section)})`
  },
  Note: (element, writer) => quote(`**${attribute(element, 'title')}.** ${content(element, writer)}`),
  Myth: (element, writer) =>
    quote(`**흔한 오해.** “${attribute(element, 'claim')}”\n\n${content(element, writer)}`),
  Summary: (element, writer) => `## 요약\n\n${content(element, writer)}`,
  Plate: (element, writer) => figure(element, content(element, writer)),
  Lab: (element, writer) => {
    const place = `${writer.context.page}#lab-${attribute(element, 'name')}`
    return figure(element, `[이 실험대는 강의 페이지에서 움직입니다.](${place})`)
  },
  Quiz: (element, writer) => {
    const options = childrenNamed(element, 'Option').map(option => writing(option)(option, writer))
    return question(element, writer, ['Option'], options)
  },
  ShortAnswer: (element, writer) => {
    const answers = childrenNamed(element, 'Accept').map(answer =>
      listItem(`**${answerOf(answer, writer)}**: ${content(answer, writer)}`),
    )
    const wrong = childrenNamed(element, 'Wrong').map(answer =>
      listItem(`${answerOf(answer, writer)}: 아닙니다. ${content(answer, writer)}`),
    )
    return question(element, writer, ['Accept', 'Wrong'], [...answers, ...wrong])
  },
  PutInOrder: (element, writer) => {
    const steps = childrenNamed(element, 'Step').map((step, index) => {
      const reasons = childrenNamed(step, 'Reason').map(each => content(each, writer))
      return `${index + 1}. ${writer.write(childrenBut(step, 'Reason'))} ${reasons.join(' ')}`.trimEnd()
    })
    return question(element, writer, ['Step'], [steps.join('\n')])
  },
  FindBytes: (element, writer) => {
    const name = attribute(element, 'of')
    const [frame, side, from, to] = ['frame', 'side', 'from', 'to'].map(each => attributeOf(element, each))
    const { bytes, start, end, answer } = recordedBytes(name, writer.context.recording(name), {
      span: attribute(element, 'span'),
      ...(frame !== undefined && { frame }),
      ...(side !== undefined && { side }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    })
    const reason = childrenNamed(element, 'Reason').map(each => content(each, writer))
    const place = `${placeWords(answer)}, ${answer.label}. ${answer.sentence}`
    return question(
      element,
      writer,
      ['Reason'],
      [fence('hex', hexRows(bytes.subarray(start, end))), `**답.** ${place} ${reason.join(' ')}`.trimEnd()],
    )
  },
  Sequence: (element, writer) => figure(element, parts(element, writer)),
  Message: (element, writer) => {
    const from = attributeOf(element, 'from') ?? ''
    const to = attributeOf(element, 'to') ?? (from === '브라우저' ? '서버' : '브라우저')
    const lost = hasAttribute(element, 'lost') ? ' (닿지 못합니다)' : ''
    return listItem(
      `${from} → ${to}: ${attribute(element, 'label')}${lost} ${content(element, writer)}`.trimEnd(),
    )
  },
  Moment: (element, writer) => listItem(`${attribute(element, 'at')}: ${content(element, writer)}`),
  Pause: (element, writer) => listItem(`… ${content(element, writer)}`),
  StateMachine: (element, writer) => figure(element, parts(element, writer)),
  Transition: (element, writer) =>
    listItem(`${attribute(element, 'from')} → ${attribute(element, 'to')}: ${content(element, writer)}`),
  Tab: (element, writer) => `**${attribute(element, 'label')}**\n\n${content(element, writer)}`,
  Option: (element, writer) => {
    const verdict = hasAttribute(element, 'correct') ? '맞습니다.' : '아닙니다.'
    const reason = childrenNamed(element, 'Reason').map(each => content(each, writer))
    return listItem(
      `${writer.write(childrenBut(element, 'Reason'))}\n\n**${verdict}** ${reason.join('\n\n')}`,
    )
  },
  Accept: content,
  Wrong: content,
  Step: content,
  Tabs: content,
  Reason: content,
  Predict: (element, writer) => {
    const question = writer.write(childrenBut(element, 'Choice'))
    const choices = childrenNamed(element, 'Choice').map(choice => listItem(content(choice, writer)))
    const unit = attributeOf(element, 'unit')
    const answer = unit === undefined ? choices.join('\n') : `(답은 ${unit} 단위의 수입니다.)`
    return `### 예측\n\n${question}\n\n${answer}`
  },
  Choice: content,
  Prediction: content,
  Mission: (element, writer) => {
    return [
      `### 미션: ${attribute(element, 'title')}`,
      writer.write(childrenBut(element, 'Hint', 'Solution')),
      ...childrenNamed(element, 'Hint').map(
        (hint, index) => `**힌트 ${index + 1}.** ${content(hint, writer)}`,
      ),
      ...childrenNamed(element, 'Solution').map(solution => `**풀이.** ${content(solution, writer)}`),
    ].join('\n\n')
  },
  Hint: content,
  Solution: content,
  Recorded: (element, writer) => {
    const name = attribute(element, 'of')
    const { text, verbatim } = recordedValue(
      name,
      writer.context.recording(name),
      attribute(element, 'value'),
    )
    return verbatim ? code(text) : text
  },
  Measured: (element, writer) => {
    const name = attribute(element, 'of')
    return measuredValue(name, writer.context.race(name), attribute(element, 'value'))
  },
  RecordedHead: (element, writer) => {
    const name = attribute(element, 'of')
    const head = recordedHead(name, writer.context.recording(name), attribute(element, 'side'))
    const lines = annotatedLines(head).map(line => ({ ...line, text: line.name + line.rest }))
    const meanings = lines.map(({ text, required, sentence }) => {
      const shown = code(text.trim())
      return `- ${required ? `**${shown}**` : shown}: ${sentence}`
    })
    return figure(
      element,
      `${fence('http', lines.map(line => line.text).join('\n'))}\n\n${meanings.join('\n')}`,
    )
  },
  RecordedFrame: (element, writer) => {
    const name = attribute(element, 'of')
    const { frame } = recordedFrame(name, writer.context.recording(name), attribute(element, 'frame'))
    const rows = explainFrame(frame).map(({ start, end, label, value, sentence }) => {
      const place = end - start === 1 ? `${start}` : `${start}–${end - 1}`
      return `| ${[place, label, value, sentence].map(cell).join(' | ')} |`
    })
    const table = ['| 바이트 | 이름 | 값 | 뜻 |', '| --- | --- | --- | --- |', ...rows].join('\n')
    return figure(element, `${fence('hex', hexRows(frame.wire))}\n\n${table}`)
  },
}

/** A piece of furniture as Markdown; one that is not known here gives what stands in it. */
export function plainFurniture(element: JsxElement, writer: PlainWriter): string {
  return writing(element)(element, writer)
}

function writing(element: JsxElement): Writing {
  return PLAIN_FURNITURE[element.name ?? ''] ?? content
}

function content(element: JsxElement, writer: PlainWriter): string {
  return writer.write(element.children)
}

/** A question, then what can be answered and why. */
function question(
  element: JsxElement,
  writer: PlainWriter,
  answers: readonly string[],
  shown: readonly string[],
): string {
  const asked = writer.write(childrenBut(element, ...answers))
  return [`### 확인 문제 ${writer.nextQuiz()}`, asked, ...shown].join('\n\n')
}

/** What an answer of a short question is: what the lesson writes, or what the recording holds. */
function answerOf(element: JsxElement, writer: PlainWriter): string {
  const name = attributeOf(element, 'of')
  if (name === undefined) return attribute(element, 'is')
  return recordedValue(name, writer.context.recording(name), attribute(element, 'value')).text
}

/** The elements that stand in a drawing, one after the other. */
function parts(element: JsxElement, writer: PlainWriter): string {
  return writer.write(childrenBut(element))
}

function hexRows(bytes: Uint8Array): string {
  return Array.from({ length: Math.ceil(bytes.length / 16) }, (_, row) =>
    hexOf(bytes.subarray(row * 16, row * 16 + 16)),
  ).join('\n')
}

/** Number and title, what is shown, and the caption under it. */
function figure(element: JsxElement, shown: string): string {
  const caption = attributeOf(element, 'caption')
  const title = `**${attribute(element, 'number')}. ${attribute(element, 'title')}**`
  return [title, shown, ...(caption === undefined ? [] : [caption])].join('\n\n')
}

function termOf(element: JsxElement): Term {
  const id = attribute(element, 'of')
  const term = Object.entries(GLOSSARY).find(([key]) => key === id)?.[1]
  if (!term) throw new Error(`glossary.ts has no term "${id}"`)
  return term
}

function attribute(element: JsxElement, name: string): string {
  return attributeOf(element, name) ?? ''
}

function quote(text: string): string {
  return text.replaceAll(/^/gm, '> ').replaceAll(/^> $/gm, '>')
}

function listItem(text: string): string {
  return `- ${text.replaceAll(/\n(?=.)/g, '\n  ')}`
}

function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
