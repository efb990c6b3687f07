using System.Text;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources.Text;

/// <summary>Text as people and programs left it: any of Unicode's encodings with or without a byte order mark, or a legacy one.</summary>
internal static class TextBytes
{
    /// <summary>Bytes: ten hours of dense captions take some 3 MB.</summary>
    public const int MaxLength = 16 << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Byte order marks and trailing zeros are taken off; bytes that are not UTF-8 are read as ISO 8859-1.</summary>
    public static string Decode(byte[] content)
    {
        (int, int) start = content.Length < 2 ? (-1, -1) : (content[0], content[1]);
        string text = start switch
        {
            (0xFF, 0xFE) or (not 0, 0) => Encoding.Unicode.GetString(content),
            (0xFE, 0xFF) or (0, not 0) => Encoding.BigEndianUnicode.GetString(content),
            _ => DecodeBytes(content),
        };
        return text.TrimStart('\uFEFF').TrimEnd('\0');
    }

    /// <exception cref="PackagingException"><c>TextTooLong</c>, <c>FileUnreadable</c>, <c>FileNotFound</c>.</exception>
    public static async Task<byte[]> ReadAllAsync(IAssetStore store, string path, CancellationToken cancellation)
    {
        using IByteSource source = await store.OpenAsync(path, cancellation).ConfigureAwait(false);
        if (source.Length > MaxLength)
        {
            throw new PackagingException("TextTooLong", $"The text has {source.Length} bytes; at most {MaxLength} are read.", path);
        }

        return await ReadAsync(source, 0, (int)source.Length, cancellation).ConfigureAwait(false);
    }

    /// <exception cref="PackagingException"><c>FileUnreadable</c>.</exception>
    public static async Task<byte[]> ReadAsync(IByteSource source, long offset, int count, CancellationToken cancellation)
    {
        byte[] content = new byte[count];
        int length = 0;
        while (length < count)
        {
            int read = await source.ReadAsync(offset + length, content, length, count - length, cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                throw new PackagingException("FileUnreadable", $"{length} of {count} bytes could be read.", source.Path, offset + length);
            }

            length += read;
        }

        return content;
    }

    private static string DecodeBytes(byte[] content)
    {
        try
        {
            return StrictUtf8.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            return new string([.. content.Select(b => (char)b)]);
        }
    }
}
