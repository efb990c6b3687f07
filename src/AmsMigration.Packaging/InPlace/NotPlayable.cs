namespace AmsMigration.Packaging.InPlace;

/// <summary>Why an asset cannot be played where it lies.</summary>
internal static class NotPlayable
{
    public const string Code = "NotPlayableInPlace";

    /// <param name="reason">One sentence.</param>
    /// <param name="file">The blob or header at fault; null where no single one is.</param>
    public static PackagingException Because(string reason, string? file = null) => new(Code, reason, file);
}
