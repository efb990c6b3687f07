using System.Globalization;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Protection.Ciphers;
using AmsMigration.Packaging.Protection.Reading;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Verification;

/// <summary>What opens a segment that is encrypted as a whole (RFC 8216bis 4.4.4.4, METHOD=AES-128).</summary>
/// <param name="Vector">The initialization vector, 16 bytes.</param>
/// <param name="End">Where the segment ends in its file, with its padding.</param>
internal sealed record SegmentKey(ContentKey Key, byte[] Vector, long End)
{
    /// <summary>The file with this segment in the clear, its padding included.</summary>
    public IByteSource Open(IByteSource source, long offset) =>
        new DecryptingSource(source, [new EncryptedRange(offset, End - offset, new TrackEncryption("cbcs", Key.Id, 0, Vector), Vector, 0)], [Key]);
}

/// <summary>Finds the keys of segments that are encrypted as a whole: a playlist names no key's id, so the segment itself has to say which one opens it.</summary>
internal sealed class SegmentKeys(OutputFiles files, IReadOnlyList<ContentKey> keys)
{
    private const int BlockSize = BlockMode.BlockSize;
    private const int HeaderLength = 8;

    /// <summary>That of a segment without an IV attribute: its media sequence number, big endian.</summary>
    public static byte[] VectorOf(long sequence)
    {
        var vector = new byte[BlockSize];
        for (int i = BlockSize - 1; sequence > 0; i--, sequence >>= 8)
        {
            vector[i] = (byte)sequence;
        }

        return vector;
    }

    /// <exception cref="FormatException">It is no hexadecimal number of 128 bits.</exception>
    public static byte[] ParseVector(string value)
    {
        bool isHex = value.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && value.Length is > 2 and <= 2 + (2 * BlockSize);
        string digits = isHex ? value.Substring(2).PadLeft(2 * BlockSize, '0') : throw new FormatException($"the IV '{value}' is no hexadecimal number of 128 bits");
        return [.. Enumerable.Range(0, BlockSize).Select(i => byte.Parse(digits.Substring(2 * i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))];
    }

    /// <summary>The segment without its padding, with what opens it.</summary>
    /// <returns>Null where no key does.</returns>
    public async Task<MediaPart?> OpenAsync(MediaPart segment, byte[] vector, CancellationToken cancellation)
    {
        if (segment.Length % BlockSize != 0)
        {
            return null;
        }

        using IByteSource file = await files.OpenAsync(segment.Path, cancellation).ConfigureAwait(false);
        foreach (ContentKey key in keys)
        {
            var opening = new SegmentKey(key, vector, segment.Offset + segment.Length);
            // Not disposed of: the file is open for the next key.
            IByteSource clear = opening.Open(file, segment.Offset);
            byte[] header = await OutputFiles.ReadAsync(clear, segment.Offset, HeaderLength, cancellation).ConfigureAwait(false);
            byte[] last = await OutputFiles.ReadAsync(clear, opening.End - BlockSize, BlockSize, cancellation).ConfigureAwait(false);
            if (IsMedia(header) && PaddingOf(last) is int padding)
            {
                return segment with { Length = segment.Length - padding, Key = opening };
            }
        }

        return null;
    }

    /// <summary>Of the boxes that a media segment may begin with (ISO/IEC 23000-19 7.3.2.3).</summary>
    private static bool IsMedia(byte[] header) =>
        System.Text.Encoding.ASCII.GetString(header, 4, 4) is "moof" or "styp" or "sidx" or "prft" or "emsg";

    /// <summary>Bytes of padding (PKCS #7) at the end of the last block; null where it is none.</summary>
    private static int? PaddingOf(byte[] block)
    {
        int count = block[BlockSize - 1];
        return count is >= 1 and <= BlockSize && block.Skip(BlockSize - count).All(value => value == count) ? count : null;
    }
}
