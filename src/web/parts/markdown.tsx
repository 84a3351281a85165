import { readLine, readMarkdown, type Block } from '../format/markdown.js'

/** A text in Markdown as elements; nothing in it becomes markup by itself. */
export const Markdown = ({ text }: { text: string }) => (
  <div class="markdown">
    {readMarkdown(text).map((block, n) => (
      <BlockPart key={n} block={block} />
    ))}
  </div>
)

function BlockPart({ block }: { block: Block }) {
  switch (block.kind) {
    case 'heading': {
      // The page's own headings stand above those of the card.
      const Heading = block.level === 1 ? 'h2' : block.level === 2 ? 'h3' : 'h4'
      return (
        <Heading>
          <Line text={block.text} />
        </Heading>
      )
    }
    case 'paragraph':
      return (
        <p>
          <Line text={block.text} />
        </p>
      )
    case 'code':
      return <pre tabIndex={0}>{block.text}</pre>
    case 'list':
      return (
        <ul>
          {block.items.map((item, n) => (
            <li key={n}>
              <Line text={item} />
            </li>
          ))}
        </ul>
      )
    case 'table':
      return <Table head={block.head} rows={block.rows} />
  }
}

const Table = ({ head, rows }: { head: readonly string[]; rows: readonly (readonly string[])[] }) => (
  <div class="table-frame" tabIndex={0} role="region" aria-label={`Table: ${head.join(', ')}`}>
    <table>
      <thead>
        <tr>
          {head.map((cell, n) => (
            <th key={n} scope="col">
              <Line text={cell} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, r) => (
          <tr key={r}>
            {row.map((cell, n) => (
              <td key={n}>
                <Line text={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

const Line = ({ text }: { text: string }) => (
  <>
    {readLine(text).map((piece, n) => {
      switch (piece.kind) {
        case 'text':
          return piece.text
        case 'strong':
          return <strong key={n}>{piece.text}</strong>
        case 'code':
          return <code key={n}>{piece.text}</code>
        case 'link':
          return (
            <a key={n} href={piece.href ?? ''} rel="noopener noreferrer" target="_blank">
              {piece.text}
            </a>
          )
      }
    })}
  </>
)
