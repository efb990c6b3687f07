namespace AmsMigration.Recommendations;

/// <summary>A catalogue is not what it has to be: says where, what was found and what was expected.</summary>
public sealed class CatalogueException : Exception
{
    /// <param name="file">Full path.</param>
    /// <param name="line">From 1.</param>
    /// <param name="column">From 1.</param>
    public CatalogueException(string file, long line, long column, string message, Exception? inner = null)
        : base($"{file}({line},{column}): {message}", inner)
    {
        File = file;
        Line = line;
        Column = column;
    }

    public string File { get; }

    public long Line { get; }

    public long Column { get; }
}
