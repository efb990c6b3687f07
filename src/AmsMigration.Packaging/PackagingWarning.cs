namespace AmsMigration.Packaging;

/// <summary>A decision that was taken for the user, or a fault that did not stop the conversion.</summary>
/// <param name="Code">Stable, PascalCase, e.g. <c>TrackLeftOut</c>.</param>
/// <param name="Message">One sentence: what was found and what was done.</param>
/// <param name="File">The asset's file that it is about; null where it is about the whole.</param>
public sealed record PackagingWarning(string Code, string Message, string? File = null)
{
    public override string ToString() => File is null ? Message : $"{File}: {Message}";
}
