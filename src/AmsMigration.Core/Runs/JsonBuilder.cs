using System.Globalization;
using System.Text;

namespace AmsMigration.Runs;

/// <summary>
/// JSON text (RFC 8259) of objects, lists, strings, whole numbers and booleans. The frameworks' own writer that needs no package escapes every slash, which makes
/// paths and addresses unreadable.
/// </summary>
internal sealed class JsonBuilder
{
    private readonly StringBuilder _text = new();
    private readonly int _linesToDepth;
    private int _depth;
    private bool _isFirst = true;

    /// <param name="linesToDepth">Members that are nested no deeper than this stand on lines of their own; 0 for all on one line.</param>
    public JsonBuilder(int linesToDepth = 0)
    {
        _linesToDepth = linesToDepth;
        Open('{');
    }

    public JsonBuilder Add(string name, string? value)
    {
        Name(name);
        Write(value);
        return this;
    }

    public JsonBuilder Add(string name, long value)
    {
        Name(name);
        _text.Append(value.ToString(CultureInfo.InvariantCulture));
        return this;
    }

    public JsonBuilder Add(string name, bool value)
    {
        Name(name);
        _text.Append(value ? "true" : "false");
        return this;
    }

    /// <summary>To the second, in UTC; always of the same length.</summary>
    public JsonBuilder Add(string name, DateTime utc) => Add(name, utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));

    public JsonBuilder AddObject(string name, Action<JsonBuilder> members)
    {
        Name(name);
        Nest('{', '}', () => members(this));
        return this;
    }

    public JsonBuilder AddList<T>(string name, IEnumerable<T> items, Action<JsonBuilder, T> members)
    {
        Name(name);
        Nest('[', ']', () =>
        {
            foreach (T item in items)
            {
                Separate();
                Nest('{', '}', () => members(this, item));
            }
        });
        return this;
    }

    public JsonBuilder AddList(string name, IEnumerable<string> items)
    {
        Name(name);
        Nest('[', ']', () =>
        {
            foreach (string item in items)
            {
                Separate();
                Write(item);
            }
        });
        return this;
    }

    /// <summary>The whole text; nothing can be added to it.</summary>
    public string Build()
    {
        Close('}');
        return _text.ToString();
    }

    private void Nest(char open, char close, Action content)
    {
        Open(open);
        content();
        Close(close);
        _isFirst = false;
    }

    private void Open(char bracket)
    {
        _text.Append(bracket);
        _depth++;
        _isFirst = true;
    }

    private void Close(char bracket)
    {
        _depth--;
        if (!_isFirst && _depth < _linesToDepth)
        {
            _text.Append('\n').Append(' ', 2 * _depth);
        }

        _text.Append(bracket);
    }

    private void Name(string name)
    {
        Separate();
        Write(name);
        _text.Append(_linesToDepth > 0 ? ": " : ":");
    }

    private void Separate()
    {
        bool isLine = _depth <= _linesToDepth;
        _text.Append(_isFirst ? "" : isLine || _linesToDepth == 0 ? "," : ", ");
        if (isLine)
        {
            _text.Append('\n').Append(' ', 2 * _depth);
        }

        _isFirst = false;
    }

    private void Write(string? value)
    {
        if (value is null)
        {
            _text.Append("null");
            return;
        }

        _text.Append('"');
        foreach (char c in value)
        {
            switch (c)
            {
                case '"' or '\\':
                    _text.Append('\\').Append(c);
                    break;
                case '\n':
                    _text.Append("\\n");
                    break;
                case < ' ' or '\u007f' or '\u2028' or '\u2029':
                    _text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                    break;
                default:
                    _text.Append(c);
                    break;
            }
        }

        _text.Append('"');
    }
}
