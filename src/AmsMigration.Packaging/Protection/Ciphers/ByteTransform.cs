namespace AmsMigration.Packaging.Protection.Ciphers;

/// <summary>Changes a run of bytes on its way and keeps their number. For one pass, by one thread.</summary>
internal abstract class ByteTransform : IDisposable
{
    /// <summary>Bytes of the whole run.</summary>
    public abstract long Length { get; }

    /// <summary>Changes bytes in place.</summary>
    /// <returns>How many from the front are done; the rest, less than a block, is unchanged, and comes again with more behind it.</returns>
    public abstract int Apply(byte[] buffer, int index, int count);

    public abstract void Dispose();
}
