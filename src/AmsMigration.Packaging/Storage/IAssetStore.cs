namespace AmsMigration.Packaging.Storage;

/// <summary>Where an asset lies: a folder, or a container (or a folder in one). Safe for use by several threads.</summary>
public interface IAssetStore
{
    /// <summary>The last part of the folder's or container's name.</summary>
    string Name { get; }

    /// <summary>The full path or URI, without any secret.</summary>
    string Location { get; }

    /// <summary>All files below the root, in ordinal order of their paths.</summary>
    Task<IReadOnlyList<AssetFile>> ListAsync(CancellationToken cancellation);

    /// <summary>Opens a file for ranged reads. The content must not change while it is open; a store that can tell fails the read if it did.</summary>
    /// <exception cref="PackagingException"><c>FileNotFound</c>, <c>FileUnreadable</c>.</exception>
    Task<IByteSource> OpenAsync(string path, CancellationToken cancellation);
}

/// <summary>A file of an asset.</summary>
/// <param name="Path">Relative to the asset's root, parts separated by '/'.</param>
/// <param name="Length">Bytes.</param>
/// <param name="ETag">Changes when the content does; null where the store has none.</param>
/// <param name="Created">Null where the store does not say.</param>
public sealed record AssetFile(string Path, long Length, string? ETag = null, DateTimeOffset? LastModified = null, DateTimeOffset? Created = null);

/// <summary>Random access to the bytes of one file. Safe for use by several threads.</summary>
public interface IByteSource : IDisposable
{
    /// <summary>The path that it was opened with.</summary>
    string Path { get; }

    /// <summary>Bytes.</summary>
    long Length { get; }

    /// <summary>Reads up to <paramref name="count"/> bytes; fewer only at the end of the file, 0 past it.</summary>
    Task<int> ReadAsync(long offset, byte[] buffer, int index, int count, CancellationToken cancellation);
}
