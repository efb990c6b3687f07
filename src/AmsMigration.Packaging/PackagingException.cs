namespace AmsMigration.Packaging;

/// <summary>
/// Something in an asset is wrong: says which file, where in it, what was found and what was expected.
/// </summary>
public sealed class PackagingException : Exception
{
    /// <param name="code">Stable, PascalCase; becomes the id of an error record, e.g. <c>TruncatedBox</c>.</param>
    /// <param name="message">One sentence for the user, with what was found and what was expected.</param>
    /// <param name="file">The asset's file, relative to its folder or container; null where no single file is at fault.</param>
    /// <param name="offset">Bytes from the start of <paramref name="file"/>; null where no place is known.</param>
    public PackagingException(string code, string message, string? file = null, long? offset = null, Exception? inner = null)
        : base(Describe(message, file, offset), inner)
    {
        Code = code;
        File = file;
        Offset = offset;
    }

    public string Code { get; }

    public string? File { get; }

    public long? Offset { get; }

    /// <summary>The store did not give or take it: nothing is known to be wrong with the file itself.</summary>
    public bool IsOfStore { get; init; }

    private static string Describe(string message, string? file, long? offset) => (file, offset) switch
    {
        (null, _) => message,
        (_, null) => $"{file}: {message}",
        _ => $"{file}, offset {offset}: {message}",
    };
}
