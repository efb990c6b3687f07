using System.Text;

namespace AmsMigration.Runs;

/// <summary>Tables as RFC 4180 has them.</summary>
internal static class CsvText
{
    /// <summary>A line with its end.</summary>
    public static string Line(IEnumerable<string?> fields) => string.Join(",", fields.Select(Quote)) + "\r\n";

    /// <summary>The records of a table, whatever ends their lines. A quote that nobody closes ends with the text.</summary>
    public static IEnumerable<IReadOnlyList<string>> Read(TextReader text)
    {
        List<string> fields = [];
        var field = new StringBuilder();
        bool isQuoted = false;
        for (int c; (c = text.Read()) >= 0;)
        {
            switch ((char)c)
            {
                case '"' when isQuoted && text.Peek() == '"':
                    field.Append((char)text.Read());
                    break;
                case '"':
                    isQuoted = !isQuoted;
                    break;
                case ',' when !isQuoted:
                    Take();
                    break;
                case '\r' when !isQuoted && text.Peek() == '\n':
                    break;
                case '\r' or '\n' when !isQuoted:
                    Take();
                    yield return fields;
                    fields = [];
                    break;
                default:
                    field.Append((char)c);
                    break;
            }
        }

        if (field.Length > 0 || fields.Count > 0)
        {
            Take();
            yield return fields;
        }

        void Take()
        {
            fields.Add(field.ToString());
            field.Clear();
        }
    }

    private static string Quote(string? field) =>
        field is null ? "" : field.IndexOfAny([',', '"', '\r', '\n']) < 0 ? field : $"\"{field.Replace("\"", "\"\"")}\"";
}
