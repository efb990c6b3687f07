namespace AmsMigration.Packaging.Protection.Ciphers;

/// <summary>AES-128 over the protected bytes of samples, in place, forward.</summary>
internal abstract class BlockMode : IDisposable
{
    public const int BlockSize = 16;

    /// <summary>Begins a sample.</summary>
    /// <param name="vector">Its initialization vector: 16 bytes, or 8 with zeros behind them.</param>
    public abstract void StartSample(byte[] vector);

    /// <summary>Begins a run of protected bytes in it.</summary>
    public abstract void StartRange();

    /// <summary>Encrypts bytes of the run.</summary>
    /// <param name="isEnd">Nothing of the run follows them.</param>
    /// <returns>How many are done; the rest comes again with more behind it.</returns>
    public abstract int Encrypt(byte[] buffer, int index, int count, bool isEnd);

    public abstract void Dispose();
}
