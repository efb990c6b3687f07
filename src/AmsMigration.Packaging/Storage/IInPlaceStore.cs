namespace AmsMigration.Packaging.Storage;

/// <summary>An asset's store that files can be written to beside those of the asset; an <see cref="IAssetStore"/> implements it where that is so.</summary>
public interface IInPlaceStore
{
    /// <summary>The same place as an output. Creates nothing until something is written.</summary>
    IOutputStore OpenOutput();
}
