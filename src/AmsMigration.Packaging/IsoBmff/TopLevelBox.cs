namespace AmsMigration.Packaging.IsoBmff;

/// <summary>A box at the top of a file: where it lies.</summary>
/// <param name="Offset">Bytes from the start of the file to its size field.</param>
/// <param name="Length">Bytes, header included; cut to what the file has.</param>
/// <param name="IsTruncated">The file ends before the box does.</param>
internal readonly record struct TopLevelBox(string Type, long Offset, long Length, bool IsTruncated)
{
    public long End => Offset + Length;
}
