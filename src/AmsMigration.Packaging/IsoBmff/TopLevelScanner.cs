using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.IsoBmff;

/// <summary>Walks the boxes at the top of a file with few small reads, however far apart they lie.</summary>
/// <param name="window">Bytes read at once; null for what suits a long file.</param>
internal sealed class TopLevelScanner(IByteSource source, int? window = null)
{
    private const int MaxHeaderLength = 16;
    private const int PaddingSample = 16 * 1024;

    private readonly SparseReader _reader = window is int bytes ? new(source, bytes) : new(source);

    /// <summary>Where boxes will be found, in order, as an index tells: so that they can be read ahead.</summary>
    public void Expect(IEnumerable<long> offsets) => _reader.Expect(offsets);

    public Task StopAsync() => _reader.StopAsync();

    /// <summary>The box at an offset; null at the end of the file, or where what follows is not a box.</summary>
    public async Task<TopLevelBox?> ReadAsync(long offset, CancellationToken cancellation)
    {
        if (offset + 8 > _reader.Length)
        {
            return null;
        }

        (byte[] buffer, int at, int there) = await _reader.ReadAsync(offset, MaxHeaderLength, cancellation).ConfigureAwait(false);
        return there < 8 ? null : Parse(buffer, at, there, offset, _reader.Length - offset);
    }

    /// <summary>The whole box as bytes.</summary>
    /// <param name="maxLength">A box of its kind that is longer is a lie that costs memory.</param>
    /// <exception cref="PackagingException"><c>OversizedBox</c>, <c>SourceChanged</c>.</exception>
    public Task<byte[]> ReadBytesAsync(TopLevelBox box, int maxLength, CancellationToken cancellation) => box.Length <= maxLength
        ? _reader.ReadBytesAsync(box.Offset, (int)box.Length, cancellation)
        : throw new PackagingException("OversizedBox", $"'{box.Type}' has {box.Length} bytes; expected at most {maxLength}", _reader.Path, box.Offset);

    /// <summary>A range, whatever is in it.</summary>
    /// <exception cref="PackagingException"><c>SourceChanged</c>.</exception>
    public Task<byte[]> ReadBytesAsync(long offset, int count, CancellationToken cancellation) => _reader.ReadBytesAsync(offset, count, cancellation);

    /// <summary>True where bytes from an offset to the end of the file are zeros, as far as a small read shows.</summary>
    public async Task<bool> IsPaddingAsync(long offset, CancellationToken cancellation)
    {
        (byte[] buffer, int at, int there) = await _reader.ReadAsync(offset, PaddingSample, cancellation).ConfigureAwait(false);
        for (int i = at; i < at + Math.Min(there, PaddingSample); i++)
        {
            if (buffer[i] != 0)
            {
                return false;
            }
        }

        return true;
    }

    private static TopLevelBox? Parse(byte[] buffer, int at, int there, long offset, long left)
    {
        string type = new([(char)buffer[at + 4], (char)buffer[at + 5], (char)buffer[at + 6], (char)buffer[at + 7]]);
        long header = 8;
        long size = U32(buffer, at);
        if (size == 0)
        {
            size = left;
        }
        else if (size == 1)
        {
            header = 16;
            size = there < 16 ? 0 : (long)Math.Min(((ulong)U32(buffer, at + 8) << 32) | U32(buffer, at + 12), long.MaxValue);
        }

        return size < header || !IsPlausible(type) ? null : new TopLevelBox(type, offset, Math.Min(size, left), size > left);
    }

    /// <summary>Box types are printable; the one exception is QuickTime's copyright sign.</summary>
    private static bool IsPlausible(string type) => type.All(c => c is (>= ' ' and <= '~') or '\u00a9');

    private static uint U32(byte[] buffer, int at) =>
        ((uint)buffer[at] << 24) | ((uint)buffer[at + 1] << 16) | ((uint)buffer[at + 2] << 8) | buffer[at + 3];
}
